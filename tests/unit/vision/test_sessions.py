"""What the networks are given."""

from __future__ import annotations

import numpy as np
import pytest

from service.vision.sessions import channels_first


@pytest.mark.parametrize(("columns", "width"), [(31, 64), (32, 32), (1, 320)])
def test_every_value_is_looked_up_and_the_rest_is_zero(columns: int, width: int) -> None:
    pixels = np.random.default_rng(columns).integers(0, 256, (48, columns, 3), np.uint8)
    tables = [((np.arange(256) / 255 - mean) / 0.2).astype(np.float32) for mean in (0.4, 0.5, 0.6)]
    for seen in (pixels, np.rot90(pixels.transpose(1, 0, 2))):  # as crops come, and as those of columns of text do
        network = channels_first(seen, width, tables)
        assert network.shape == (1, 3, 48, width)
        for channel in range(3):
            assert np.array_equal(network[0, channel, :, :columns], tables[channel][seen[..., channel]])
        assert not network[..., columns:].any()
