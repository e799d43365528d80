#pragma once

#include "bfloat16.h"
#include "cells.h"
#include "convolution.h"
#include "cpu.h"
#include "ctc.h"
#include "frame.h"
#include "interpolate.h"
#include "log.h"
#include "optimizer.h"
#include "patches.h"
#include "products.h"
#include "vectors.h"
