"""The subprocess worker: trains engines in another process, without delaying answers.

Python runs one thread at a time, so a thread would. The process is told what to do by pickles, and
never runs the main module of the program that it works for, as `multiprocessing` would.
"""

import asyncio
import os
import pickle
import subprocess
import sys
from collections.abc import Callable
from typing import Final, ParamSpec, TypeVar

_P = ParamSpec("_P")
_T = TypeVar("_T")

_NICE: Final = 10
"""Niceness of the child process: answers get the processor first."""
_LEAN: Final = {
    "MALLOC_ARENA_MAX": "1",
    "MALLOC_MMAP_THRESHOLD_": str(2**23),
    "MALLOC_TRIM_THRESHOLD_": str(2**23),
    "OPENBLAS_NUM_THREADS": "1",
}
"""Makes the C library (glibc) give memory back that is free: left alone, it keeps large parts.

Parts that are smaller than this come again and again; to fetch each anew takes longer than its use.
"""


class WorkerError(Exception):
    """The process ended without a result, e.g. because there was no memory for it."""


async def run_in_subprocess(function: Callable[_P, _T], *args: _P.args, **options: _P.kwargs) -> _T:
    """Return what a function returns that runs in a process of its own.

    The process is killed when this is cancelled.

    Args:
        function: A function at the top of a module.
        args: What it is given; it is pickled, as is the result.
        options: The same.

    Raises:
        WorkerError: The process ended without a result.
        Exception: Whatever the function raises.
    """
    order = pickle.dumps((function, args, options))
    process = _started()
    talk = asyncio.create_task(asyncio.to_thread(process.communicate, order))
    try:
        answer, _ = await asyncio.shield(talk)
    except asyncio.CancelledError:
        process.kill()
        await asyncio.wait({talk})  # at once, and then the process has been buried too
        raise
    if process.returncode:
        message = f"a process ended with code {process.returncode}"
        raise WorkerError(message)
    result, error = await asyncio.to_thread(pickle.loads, answer)
    if error:
        raise error
    return result


async def run_in_thread(function: Callable[_P, _T], *args: _P.args, **options: _P.kwargs) -> _T:
    """Return what a function returns that runs in a thread, which nothing ends half-way.

    When this is cancelled, the function is waited for: what is done next finds all of its work.

    Args:
        function: The function.
        args: What it is given.
        options: The same.

    Raises:
        Exception: Whatever the function raises.
    """
    work = asyncio.create_task(asyncio.to_thread(function, *args, **options))
    try:
        return await asyncio.shield(work)
    except asyncio.CancelledError:
        await asyncio.wait({work})
        raise


def environment() -> dict[str, str]:
    """Return the environment of a child process: it finds its modules where this process does."""
    return {**os.environ, **_LEAN, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}


def _started() -> "subprocess.Popen[bytes]":
    """Start the process; not in asyncio's way, which may copy the tables of this one's memory."""
    return subprocess.Popen(  # noqa: S603 - this module
        [sys.executable, "-P", "-m", __name__],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=environment(),
        # What is typed in the terminal to end the bot ends this when the bot wants it.
        start_new_session=True,
    )


def main() -> None:
    """Do what standard input says, and write what came of it to standard output."""
    if hasattr(os, "nice"):
        os.nice(_NICE)
    # Whatever is printed meanwhile would be taken for a part of the result.
    with os.fdopen(os.dup(sys.stdout.fileno()), "wb") as out:
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
        function, args, options = pickle.load(sys.stdin.buffer)  # noqa: S301 - our own
        try:
            result = function(*args, **options), None
        except Exception as error:  # noqa: BLE001 - raised where the result is wanted
            result = None, error
        pickle.dump(result, out, protocol=pickle.HIGHEST_PROTOCOL)


if __name__ == "__main__":
    main()
