"""The machine as a whole: what it must never allow, whatever is added to it."""

from __future__ import annotations

import pytest

from service.domain.cases import FINAL_STATES, CaseState
from service.domain.errors import IllegalMove
from service.domain.lifecycle import GRANTED, MOVES, Action, Party, diagram, legal_move, moves_from

PEOPLE = {Party.REVIEWER, Party.SENIOR}


def reachable() -> set[CaseState]:
    found, new = {CaseState.ACCEPTED}, {CaseState.ACCEPTED}
    while new:
        new = {target for state in new for move in moves_from(state) for target in move.targets} - found
        found |= new
    return found


def test_every_state_can_be_reached_and_every_action_is_declared():
    assert reachable() == set(CaseState)
    assert set(MOVES) == set(Action)


def test_nothing_but_a_person_rejects():
    for move in MOVES.values():
        if CaseState.REJECTED in move.targets or move.action is Action.RULE_REJECTED:
            assert move.parties <= PEOPLE
            assert {"message", "reason"} <= set(move.records)


def test_money_is_granted_by_the_pre_review_a_person_or_a_buyer_who_takes_what_a_person_offered():
    for move in MOVES.values():
        if set(move.targets) & {CaseState.APPROVED, CaseState.PARTIALLY_APPROVED}:
            assert move.parties <= PEOPLE or move.action is Action.ACCEPT_OFFER
            assert "grant" in move.records
        if CaseState.AUTO_APPROVED in move.targets:
            assert move.parties == {Party.PREREVIEW}


def test_what_was_granted_is_paid_reversed_lapsed_or_returned_never_rejected():
    for state in GRANTED:
        targets = {target for move in moves_from(state) for target in move.targets}
        assert targets == {
            CaseState.PAID, CaseState.PAYMENT_FAILED, CaseState.REVERSED, CaseState.LAPSED, CaseState.IN_REVIEW,
        }  # fmt: skip


def test_from_every_live_state_there_is_a_way_on():
    for state in set(CaseState) - FINAL_STATES - {CaseState.PAID}:
        assert moves_from(state), state
        assert any(move.parties - {Party.PREREVIEW} for move in moves_from(state)) or state is CaseState.ACCEPTED


def test_a_refusal_names_what_is_possible():
    with pytest.raises(IllegalMove, match=r"approved cannot go through reject.*Possible for senior now: reverse"):
        legal_move(CaseState.APPROVED, Action.REJECT, Party.SENIOR)
    with pytest.raises(IllegalMove, match=r"approve is for: reviewer, senior.*withdraw"):
        legal_move(CaseState.IN_REVIEW, Action.APPROVE, Party.BUYER)
    with pytest.raises(IllegalMove, match="Nothing is possible for buyer"):
        legal_move(CaseState.CLOSED, Action.APPEAL, Party.BUYER)


def test_the_diagram_has_every_arrow():
    arrows = sum(len(move.sources) * len(move.targets) for move in MOVES.values())
    assert diagram().count(" --> ") == arrows + 1 + sum(1 for state in CaseState if not moves_from(state))
