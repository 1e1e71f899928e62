// IWAKAN_ASSERT(condition): what must be true whatever comes from outside. Stays on in release: a
// broken invariant ends the process, systemd restarts it, and the store holds what was acknowledged.
// Never on outside input. One condition per assert.
#pragma once

namespace iwakan {
[[noreturn]] void assertion_failed(const char* condition, const char* file, int line);
}

#define IWAKAN_ASSERT(condition) ((condition) ? void(0) : ::iwakan::assertion_failed(#condition, __FILE__, __LINE__))
