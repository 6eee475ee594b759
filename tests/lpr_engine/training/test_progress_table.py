from lpr_engine.training.progress_table import ProgressTable


def test_rows_come_back_without_what_was_not_taken(tmp_path):
    table = ProgressTable(tmp_path / "p.csv", ["step", "loss", "exact"])
    table.add({"step": 1, "loss": 0.5})
    table.add({"step": 2, "loss": 0.25, "exact": 1})
    assert table.rows() == [{"step": 1, "loss": 0.5}, {"step": 2, "loss": 0.25, "exact": 1}]


def test_a_resumed_table_drops_later_rows_and_takes_new_columns(tmp_path):
    before = ProgressTable(tmp_path / "p.csv", ["step", "exact_us"])
    for step in (1, 2, 3):
        before.add({"step": step, "exact_us": 0.5})
    after = ProgressTable(tmp_path / "p.csv", ["step", "exact_eu"])
    after.go_on_from("step", 2)
    after.add({"step": 3, "exact_eu": 1.0})
    assert after.rows() == [
        {"step": 1, "exact_us": 0.5},
        {"step": 2, "exact_us": 0.5},
        {"step": 3, "exact_eu": 1.0},
    ]


def test_a_row_cut_off_by_a_power_cut_does_no_harm(tmp_path):
    path = tmp_path / "p.csv"
    path.write_text("step,loss\n1,0.5\n2,0.")
    table = ProgressTable(path, ["step", "loss"])
    table.go_on_from("step", 1)
    table.add({"step": 2, "loss": 0.25})
    assert table.rows() == [{"step": 1, "loss": 0.5}, {"step": 2, "loss": 0.25}]


def test_a_table_that_is_not_there_is_empty(tmp_path):
    assert ProgressTable(tmp_path / "p.csv", ["step"]).rows() == []
