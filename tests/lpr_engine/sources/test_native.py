"""What the process writes while cameras fail: never a password."""

import os
import subprocess
import sys
import textwrap

import pytest

PROGRAM = """
    import logging, sys, threading
    logging.basicConfig(level=logging.DEBUG)
    from lpr_engine.config.sections import CameraSection
    from lpr_engine.model.clock import SystemClock
    from lpr_engine.sources.capture import StreamLimits
    from lpr_engine.sources.opening import open_source

    limits = StreamLimits(open_s=1.0, retry_first_s=0.05, retry_most_s=0.1)
    source = open_source(CameraSection("gate", sys.argv[1]), SystemClock(), limits)

    def close_after_two():
        while source.reconnects < 2:
            threading.Event().wait(0.02)
        source.close()

    threading.Thread(target=close_after_two).start()
    print(len(list(source.frames())), source.last_error)
"""


def answer(camera, connection) -> None:
    connection.sendall(b"RTSP/1.0 401 Unauthorized\r\nCSeq: 1\r\nContent-Length: 0\r\n\r\n")


@pytest.mark.parametrize("scheme", ["rtsp", "rtsps", "http", "https"])
@pytest.mark.parametrize("is_on", [True, False])
def test_no_credential_on_stdout_or_stderr(web_camera, scheme, is_on) -> None:
    camera = web_camera(answer)
    if not is_on:
        camera.switch_off()
    url = f"{scheme}://admin:hunter2@127.0.0.1:{camera.port}/live?token=sesame5"
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(PROGRAM), url],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
        env={**os.environ, "OPENCV_FFMPEG_DEBUG": "1", "OPENCV_LOG_LEVEL": "DEBUG"},
    )
    output = done.stdout + done.stderr
    assert f"0 {scheme}://***@127.0.0.1:{camera.port}/live?token=***" in done.stdout
    assert "Camera gate lost" in done.stderr
    assert "hunter2" not in output
    assert "sesame5" not in output
    assert "admin" not in output
