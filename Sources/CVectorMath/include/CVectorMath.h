#pragma once

#include "frame.h"
#include "log.h"
