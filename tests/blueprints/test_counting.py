"""Counts while others draw: each that is told equals brute force on the board of its seq."""

import asyncio
import random

import numpy as np
import pytest
from django.contrib.auth.models import User

from blueprints.domain.template import LEAVE, of_cells
from blueprints.pod.service import BlueprintService
from canvas.pod.pod import Pod
from tests.blueprints.brute_force import brute_force
from tests.blueprints.test_open import application, connect, http, opening, save, service
from tests.canvas.helpers import ALICE, HEIGHT, PALETTE, WIDTH, order
from tests.edges.conftest import Client, Connect

__all__ = ["application", "connect", "http", "service"]

PIXELS = 300


@pytest.mark.slow
async def test_every_progress_is_that_of_the_board_at_its_seq(
    service: BlueprintService, pod: Pod, connect: Connect, ada: User
) -> None:
    rng, chance = np.random.default_rng(2), random.Random(2)
    cells = rng.choice(np.array([0, 1, 2, 3, LEAVE], np.uint8), WIDTH * HEIGHT)
    whole = of_cells(WIDTH, HEIGHT, cells.tobytes(), dict(enumerate(PALETTE)))
    first, second = await save(ada, whole, x=-5, y=3), await save(ada, whole, x=7, y=-9)
    places = {first.pk: (-5, 3), second.pk: (7, -9)}
    boards = [[[0] * WIDTH for _row in range(HEIGHT)]]
    client: Client = await connect()
    await client.send(opening(first.pk))
    for number in range(PIXELS):
        if number == PIXELS // 3:
            await client.send(opening(first.pk, second.pk))
        x, y = chance.randrange(WIDTH), chance.randrange(HEIGHT)
        if number == PIXELS - 1:
            x, y = 10, 10  # under both, so that both are told at the end
        color = (boards[-1][y][x] + chance.randrange(1, 5)) % 5
        await pod.writer.place("main", order(x, y, PALETTE[color], ALICE))
        boards.append([row.copy() for row in boards[-1]])
        boards[-1][y][x] = color
        await asyncio.sleep(0.01)
    told: dict[str, int] = {}
    heard = 0
    while min(told.get(key, 0) for key in places) < PIXELS:
        event = await client.next("blueprint_progress")
        key, seq = event["blueprint"], event["seq"]
        expected = brute_force(whole, *places[key], boards[seq], PALETTE)
        assert (event["right"], event["wrong"], event["missing"]) == expected[:3]
        assert event["colors"] == expected.colors
        told[key], heard = seq, heard + 1
    assert heard > 4
