# The house rule of coroutines (await_lint.py says which, and why).
set(AWAIT_LINT /usr/bin/python3 ${CMAKE_CURRENT_SOURCE_DIR}/await_lint.py)

add_test(NAME await_lint COMMAND ${AWAIT_LINT} ${PROJECT_SOURCE_DIR})
add_test(NAME await_lint_self_test COMMAND ${AWAIT_LINT} --self-test)
set_tests_properties(await_lint await_lint_self_test PROPERTIES LABELS tidy TIMEOUT 60)
