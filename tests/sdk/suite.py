"""Runs the functions of a module as tests."""

import traceback


def run(module, without):
    """Runs every function that the module defines, tells what came of each, and gives the exit code."""
    tests = [value for value in module.values() if getattr(value, "__module__", "") == module["__name__"]
             and callable(value) and not isinstance(value, type) and value.__name__ not in without]
    failed = 0
    for test in tests:
        try:
            test()
            print(f"python sdk: {test.__name__} ok")
        except Exception:
            failed += 1
            print(f"python sdk: {test.__name__} FAILED")
            traceback.print_exc()
    print(f"{len(tests) - failed} passed, {failed} failed")
    return 1 if failed else 0
