#pragma once

#include "cpu.h"
#include "frame.h"
#include "gates.h"
#include "log.h"
#include "vectors.h"
