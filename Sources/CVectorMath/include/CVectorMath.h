#pragma once

#include "cpu.h"
#include "gates.h"
