"""``python -m training.screens``: the same as ``prereview-train screens``."""

from training.screens.cli import app

if __name__ == "__main__":
    app(prog_name="python -m training.screens")
