"""Runs inside MicroPython: evaluates calls that arrive line by line, answers line by line.

A request is `repr((module, function, args))`; an answer is `repr(("value", result))` or
`repr(("error", class name, text))`. What is called may `ask` the desktop something meanwhile.
Each call has an event loop of its own, as on CPython: no task of the one before runs in it.
"""

import sys


def answer(line):
    if "asyncio" in sys.modules:
        sys.modules["asyncio"].new_event_loop()
    module_name, function_name, args = eval(line)
    try:
        module = __import__(module_name, None, None, (function_name,))
        return ("value", getattr(module, function_name)(*args))
    except Exception as fault:
        return ("error", type(fault).__name__, str(fault))


def ask(question):
    """Sends `question` to the desktop and waits until it has seen to it."""
    print(repr(("ask", question)))
    sys.stdin.readline()


def serve():
    while True:
        line = sys.stdin.readline()
        if not line:
            break
        print(repr(answer(line)))


if __name__ == "__main__":
    serve()
