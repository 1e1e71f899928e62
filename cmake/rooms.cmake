# What every target shares, and how a target sees only the rooms it may see.

find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env
    CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime ${CCACHE_PROGRAM})
endif()

find_program(MOLD_PROGRAM mold)
if(MOLD_PROGRAM)
  add_link_options(-fuse-ld=mold)
endif()

# Warnings are errors, in our own targets only.
add_library(iwakan_warnings INTERFACE)
target_compile_options(iwakan_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wnon-virtual-dtor -Wold-style-cast -Wcast-qual
  -Wformat=2 -Wundef -Werror
  $<$<CXX_COMPILER_ID:GNU>:-Wduplicated-cond -Wlogical-op -Wuseless-cast>)

# Hardening, as Debian builds its own packages.
add_library(iwakan_hardening INTERFACE)
target_compile_options(iwakan_hardening INTERFACE -fstack-protector-strong -fPIE)
target_link_options(iwakan_hardening INTERFACE -Wl,-z,relro -Wl,-z,now)
if(CMAKE_BUILD_TYPE STREQUAL "Release")
  target_compile_options(iwakan_hardening INTERFACE -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2)
endif()
if(IWAKAN_SANITIZE)
  target_compile_options(iwakan_hardening INTERFACE
    -fsanitize=${IWAKAN_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(iwakan_hardening INTERFACE -fsanitize=${IWAKAN_SANITIZE})
endif()
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

# iwakan_root(<target> <name> <folder>): lets <target> and those who link it include "<name>/…" from
# <folder>, and nothing beside it: the include root holds one link.
function(iwakan_root target name folder)
  set(root ${CMAKE_BINARY_DIR}/roots/${target})
  file(MAKE_DIRECTORY ${root})
  if(NOT EXISTS ${root}/${name})
    file(CREATE_LINK ${folder} ${root}/${name} SYMBOLIC)
  endif()
  target_include_directories(${target} PUBLIC ${root})
endfunction()

# iwakan_library(<target> SOURCES … [PUBLIC …] [PRIVATE …]): a library of ours.
function(iwakan_library target)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;PUBLIC;PRIVATE")
  add_library(${target} STATIC ${arg_SOURCES})
  target_link_libraries(${target} PUBLIC ${arg_PUBLIC} PRIVATE ${arg_PRIVATE} iwakan_warnings iwakan_hardening)
endfunction()

# iwakan_test(<target> SOURCES … LINK … [LABELS …] [TIMEOUT seconds]): one test program, one CTest.
# Tests find the source tree at IWAKAN_SOURCE_DIR in their environment.
function(iwakan_test target)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "TIMEOUT" "SOURCES;LINK;LABELS")
  add_executable(${target} ${arg_SOURCES})
  target_link_libraries(${target} PRIVATE ${arg_LINK} GTest::gmock GTest::gtest_main iwakan_warnings iwakan_hardening)
  add_test(NAME ${target} COMMAND ${target})
  if(NOT arg_LABELS)
    set(arg_LABELS unit)
  endif()
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 120)
  endif()
  set_tests_properties(${target} PROPERTIES LABELS "${arg_LABELS}" TIMEOUT ${arg_TIMEOUT}
    ENVIRONMENT "IWAKAN_SOURCE_DIR=${PROJECT_SOURCE_DIR}")
endfunction()

# iwakan_fuzz(<target> SOURCES … LINK … CORPUS folder): a libFuzzer program, run briefly by CTest.
function(iwakan_fuzz target)
  if(NOT IWAKAN_FUZZ)
    return()
  endif()
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "CORPUS" "SOURCES;LINK")
  add_executable(${target} ${arg_SOURCES})
  target_compile_options(${target} PRIVATE -fsanitize=fuzzer)
  target_link_options(${target} PRIVATE -fsanitize=fuzzer)
  target_link_libraries(${target} PRIVATE ${arg_LINK} iwakan_warnings iwakan_hardening)
  if(arg_CORPUS AND NOT EXISTS ${arg_CORPUS})
    message(FATAL_ERROR "${target}: its corpus ${arg_CORPUS} does not exist (git keeps no empty folder)")
  endif()
  file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/corpus/${target})
  add_test(NAME ${target} COMMAND ${target} -max_total_time=10 -timeout=5 -rss_limit_mb=1024 -max_len=65536
    -print_final_stats=0 ${CMAKE_BINARY_DIR}/corpus/${target} ${arg_CORPUS})
  set_tests_properties(${target} PROPERTIES LABELS fuzz TIMEOUT 120)
endfunction()
