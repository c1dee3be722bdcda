"""Cases found by any id, also mistyped, through one index; and that both folds are one."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from service.domain.finding import IdKind, Likeness, folded
from service.store import case_search


@pytest.fixture
async def case_id(store, accept_request, make_claim):
    claim = make_claim("2026-0508-A1B2", id="buyer-7788")
    request = accept_request(claim, "key")
    await store.accept(request)
    return request.case_id


async def found(store, typed, platform="acme"):
    async with store.reading() as connection:
        return await case_search.find(connection, platform, typed, 20)


@pytest.mark.parametrize(
    ("typed", "kind", "likeness"),
    [
        ("2026-0508-A1B2", IdKind.ORDER, Likeness.EXACT),
        (" 2026-0508-a1b2 ", IdKind.ORDER, Likeness.EXACT),
        ("2O26O5O8AIB2", IdKind.ORDER, Likeness.LOOK_ALIKE),
        ("2026-OSOB-AlBZ", IdKind.ORDER, Likeness.LOOK_ALIKE),
        ("2026-0580-A1B2", IdKind.ORDER, Likeness.TRANSPOSED),
        ("2026-0508", IdKind.ORDER, Likeness.BEGINS),
        ("ref-2026-0508-A1B2", IdKind.REFERENCE, Likeness.EXACT),
        ("buyer-7788", IdKind.ACCOUNT, Likeness.EXACT),
        ("bvyer-7788", None, None),
        ("2026-0508-A1B3", None, None),
        ("0000", None, None),
        ("", None, None),
        ("-", None, None),
        ("%", None, None),
    ],
)
async def test_an_id_as_somebody_types_it(store, case_id, typed, kind, likeness):
    hits = await found(store, typed)
    if kind is None:
        assert hits == ()
    else:
        ((hit),) = hits
        assert (hit.case_id, hit.kind, hit.likeness) == (case_id, kind, likeness)


async def test_case_id_and_number_and_nothing_of_another_platform(store, case_id):
    ((by_id),) = await found(store, str(case_id).upper())
    assert (by_id.case_id, by_id.kind, by_id.likeness) == (case_id, IdKind.CASE, Likeness.EXACT)
    assert [each.case_id for each in await found(store, by_id.number)] == [case_id]
    for typed in (str(case_id), by_id.number, "2026-0508-A1B2"):
        assert await found(store, typed, "other") == ()


async def test_keys_follow_a_changed_account(store, case_id):
    async with store.transaction() as tx:
        await tx.execute(sa.text("UPDATE cases SET account_id = 'gone-1'"))
    assert await found(store, "buyer-7788") == ()
    assert [each.case_id for each in await found(store, "gone-1")] == [case_id]


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(texts=st.lists(st.text(st.characters(max_codepoint=0x2FFF, exclude_characters="\0"), max_size=90)))
def test_the_database_folds_as_we_do(sync_connection, texts):
    query = sa.text("SELECT fold_id(t) FROM unnest(cast(:t AS text[])) AS t")
    assert sync_connection.scalars(query, {"t": texts}).all() == [folded(text) for text in texts]


@pytest.fixture
def sync_connection(database_url):
    engine = sa.create_engine(database_url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        yield connection
