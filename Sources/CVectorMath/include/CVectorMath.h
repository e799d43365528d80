#pragma once

#include "cpu.h"
#include "frame.h"
#include "gates.h"
#include "log.h"
