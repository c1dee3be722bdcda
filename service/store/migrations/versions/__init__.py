"""One file per step, up and down, written out in SQL so that a step means the same for ever."""
