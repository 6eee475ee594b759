"""Nobody waits for the terminal."""

import threading

from lpr_engine.cli.printing import Printer
from tests.lpr_engine.pipeline.scripted import wait_for


def test_lines_come_in_order_and_drain_waits_for_them() -> None:
    written: list[int] = []
    printer = Printer("test")
    for number in range(50):
        printer.put(lambda number=number: written.append(number))
    printer.drain(10)
    assert written == list(range(50))


def test_a_held_terminal_holds_up_nobody_and_memory_stays_bounded() -> None:
    held, released, written = threading.Event(), threading.Event(), []

    def hold() -> None:
        held.set()
        released.wait()

    printer = Printer("test")
    printer.put(hold)
    assert held.wait(10)
    for number in range(5000):
        printer.put(lambda number=number: written.append(number))
    printer.drain(0.01)
    assert written == []
    released.set()
    printer.drain(10)
    assert written == list(range(1000))


def test_a_reader_that_has_gone_ends_the_writing_quietly() -> None:
    def broken() -> None:
        raise BrokenPipeError

    written: list[int] = []
    printer = Printer("test")
    printer.put(broken)
    assert wait_for(lambda: printer.reader_gone)
    printer.put(lambda: written.append(1))
    printer.drain(1)
    assert written == []
