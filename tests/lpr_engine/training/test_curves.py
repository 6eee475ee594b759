import cv2
import pytest

from lpr_engine.training.curves import Panel, draw_curves

pytest.importorskip("matplotlib")

pytestmark = pytest.mark.training


def test_panels_are_drawn_side_by_side(tmp_path):
    rows = [{"step": 1.0, "loss": 1.0}, {"step": 2.0, "loss": 0.1, "exact": 0.5}]
    panels = (
        Panel("loss", "step", ("loss",), logarithmic=True),
        Panel("exact", "step", ("exact", "absent"), percent=True),
    )
    assert draw_curves(tmp_path / "curves.png", rows, panels)
    drawn = cv2.imread(str(tmp_path / "curves.png"))
    assert drawn.shape[1] == 2 * 500
    assert drawn.std() > 5
