#pragma once

#include "gates.h"
