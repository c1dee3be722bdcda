"""Sentences on what the parts of a policy do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from service.console.figures import count, money, permille
from service.console.policy_desk import names
from service.console.words import PAGES, REASONS, Names, named, together
from service.domain.claims import ReasonCode
from service.domain.deadlines import DeadlineKind
from service.policy import Policy
from service.policy.clause_parts import (
    ConfirmationClause,
    LiabilityClause,
    MaterialsClause,
    MaterialsWhen,
    OfferClause,
    Stage,
)
from service.policy.parts import Amount, Budget, NegativeClause, TimeLimit
from service.policy.timing_parts import RouteRule


class Words:
    """Of one policy, in one language."""

    def __init__(self, policy: Policy, language: str) -> None:
        self._policy = policy
        self.language = language

    def say(self, zh: str, en: str) -> str:
        return en if self.language == "en" else zh

    def money(self, minor: int) -> str:
        return money(minor, self._policy.currency)

    def name(self, table: Names, code: str) -> str:
        return named(table, code, self.language)

    def row(self, table: Names, codes: Iterable[str]) -> str:
        return together(table, codes, self.language)

    def joined(self, parts: Iterable[str]) -> str:
        return ("; " if self.language == "en" else "；").join(part for part in parts if part)

    # -- clauses

    def scope(self, reasons: Iterable[str], goods: Iterable[str], stage: Stage = Stage.ANY) -> str:
        """The claims a clause is for; empty for all of them."""
        found = [self.row(REASONS, reasons), self.row(names.GOODS, goods)]
        if stage is not Stage.ANY:
            found.append(self.name(names.STAGES, stage))
        return self.joined(found)

    def negative(self, clause: NegativeClause) -> str:
        rule = self.name(names.RULES, clause.rule)
        if clause.prompts:
            rule += self.say(
                f"（{self.row(names.PROMPTS, clause.prompts)}）", f" ({self.row(names.PROMPTS, clause.prompts)})"
            )
        if clause.used_permille is not None:
            rule += self.say(f"（{permille(clause.used_permille)}）", f" ({permille(clause.used_permille)})")
        return f"{rule} → {self.name(names.EFFECTS, clause.effect)}"

    def reason(self, reason: ReasonCode) -> str:
        rule, fee = self._policy.reasons[reason], self._policy.fee
        amount = self.name(names.AMOUNTS, rule.amount)
        if rule.amount is Amount.SHARE and rule.share_permille is not None:
            amount = self.say(f"退 {permille(rule.share_permille)}", f"{permille(rule.share_permille)} of it")
        share = fee.by_reason.get(reason, fee.buyer_at_fault_permille)
        costs = rule.fault.value == "buyer" and share > 0
        return self.joined(
            (
                self.name(REASONS, reason),
                self.name(names.HANDLINGS, rule.handling),
                self.say("责任方：", "at whose door: ") + self.name(names.FAULTS, rule.fault),
                self.say("退款：", "refunded: ") + amount,
                self.say(f"手续费 {permille(share)}", f"fee {permille(share)}") if costs else "",
                self.say("需要材料 ", "material: ") + ", ".join(rule.materials) if rule.materials else "",
            )
        )

    def material(self, code: str) -> str:
        material = self._policy.materials[code]
        if material.statement_characters is not None:
            least = material.statement_characters
            return self.joined(
                (
                    self.say(f"文字说明，至少 {least} 字", f"words, at least {least} characters"),
                    self.say("须写明订单号", "must name the order") if material.names_order else "",
                )
            )
        shown = self.row(PAGES, material.shown_by)
        facts = self.row(names.FACTS, material.must_show)
        return self.joined(
            (
                self.say(f"任选其一：{shown}", f"any of: {shown}"),
                self.say(f"须显示 {facts}", f"must show {facts}") if facts else "",
            )
        )

    def further(self, clause: MaterialsClause) -> str:
        when = self.name(names.MATERIALS_WHEN, clause.when)
        if clause.when is MaterialsWhen.AMOUNT_FROM and clause.amount_from_minor is not None:
            when = self.say(
                f"{self.money(clause.amount_from_minor)} 起", f"from {self.money(clause.amount_from_minor)}"
            )
        return self.say(f"{when}：还需 ", f"{when}: also ") + ", ".join(clause.materials)

    def confirmation(self, clause: ConfirmationClause) -> str:
        before = self.say("审核前等待答复", "people wait for the answer")
        if clause.before == "approval":
            before = self.say("答复前不通过", "nothing is approved before the answer")
        party = self.name(names.PARTIES, clause.ask)
        return self.joined(
            (self.say(f"询问{party}", f"asks {party}"), self.name(names.ASKED_WHEN, clause.when), before)
        )

    def liability(self) -> str:
        rules = self._policy.liability
        return self.joined(
            (
                self.say("确认收货前货款冻结", "money stays frozen until receipt is confirmed") if rules.escrow else "",
                self.say("先行赔付，再向卖家追偿", "the platform pays first and recovers it from the seller")
                if rules.advance_compensation
                else "",
            )
        )

    def liable(self, clause: LiabilityClause) -> str:
        return self.say("由", "borne by ") + self.name(names.PARTIES, clause.party) + self.say("承担", "")

    def offer(self, clause: OfferClause) -> str:
        if clause.share_permille is not None:
            share = permille(clause.share_permille)
            found = self.say(f"审核员可提出退 {share}", f"a reviewer may offer {share}")
        else:
            found = self.say("审核员可提出退未使用部分", "a reviewer may offer the unused part")
        where = ", ".join(clause.clauses)
        return self.joined((found, self.say(f"仅当适用 {where}", f"only where {where} holds") if where else ""))

    def route(self, rule: RouteRule) -> str:
        methods = ", ".join(rule.payment_methods) or self.say("其他付款方式", "all other payment methods")
        return f"{self.name(names.ROUTES, rule.route)} · {methods}"

    # -- figures

    def classes(self) -> Iterator[tuple[str, str]]:
        given = self._policy.classes
        off = self.say("未启用", "not chosen")
        top = self.money(given.recoverable.amount_up_to_minor)
        yield (
            "recoverable",
            self.say(f"可作废或撤回的商品，{top} 及以下", f"goods that can be taken back, up to {top}")
            + self._risk_limit(given.recoverable.maximum_risk_permille)
            if given.recoverable.opted_in
            else off,
        )
        below, goods = self.money(given.one_click.amount_below_minor), self.row(names.GOODS, given.one_click.goods)
        yield (
            "one_click",
            self.say(f"未使用的小额订单，低于 {below}", f"small orders without a trace of use, below {below}")
            + (self.say(f"，仅限{goods}", f", {goods} only") if goods else "")
            + self._risk_limit(given.one_click.maximum_risk_permille)
            if given.one_click.opted_in
            else off,
        )
        up_to, wrong = self.money(given.risk.amount_up_to_minor), permille(given.risk.wrong_share_up_to_permille)
        yield (
            "risk",
            self.say(
                f"风险低于认证阈值，{up_to} 及以下；误退金额占比不超过 {wrong}",
                f"risk below the certified threshold, up to {up_to}; at most {wrong} of the money wrong",
            )
            if given.risk.opted_in
            else off,
        )

    def _risk_limit(self, limit: int | None) -> str:
        if limit is None:
            return ""
        return self.say(f"，风险不高于 {permille(limit)}", f", risk at most {permille(limit)}")

    def budget(self, budget: Budget) -> str:
        most = [
            self.say(f"{count(budget.max_count)} 笔", f"{count(budget.max_count)} approvals")
            if budget.max_count is not None
            else "",
            self.money(budget.max_amount_minor) if budget.max_amount_minor is not None else "",
        ]
        window = self._span(budget.window_hours)
        only = self.row(names.CLASSES, budget.classes)
        return self.joined(
            (
                self.name(names.ENTITIES, budget.entity)
                + self.say(f"，任意 {window} 内至多 ", f", at most in any {window}: ")
                + self.say("、", ", ").join(each for each in most if each),
                self.say(f"仅计 {only}", f"counts {only} only") if only else "",
            )
        )

    def fee(self) -> str:
        fee = self._policy.fee
        share = permille(fee.buyer_at_fault_permille)
        own = [f"{self.name(REASONS, reason)} {permille(each)}" for reason, each in fee.by_reason.items()]
        most = self.money(fee.at_most_minor) if fee.at_most_minor is not None else ""
        return self.joined(
            (
                self.say(f"买家原因收 {share}，其他情况不收", f"{share} where the buyer is at fault, else none"),
                *own,
                self.say(f"最多 {most}", f"at most {most}") if most else "",
            )
        )

    def limits(self) -> Iterator[tuple[str, str]]:
        given = self._policy.time_limits
        for reason, limit in given.by_reason.items():
            yield f"by_reason.{reason.value}", f"{self.name(REASONS, reason)}: {self._limit(limit)}"
        for goods, limit in given.by_goods.items():
            yield f"by_goods.{goods.value}", f"{self.name(names.GOODS, goods)}: {self._limit(limit)}"
        yield "default", self._limit(given.default)
        promise = self._policy.delivery_promise
        yield (
            "delivery_promise",
            self.say("承诺发货：", "promised delivery: ")
            + self.joined(
                (
                    self._span(promise.default_hours),
                    *(
                        f"{self.name(names.GOODS, kind)} {self._span(each)}"
                        for kind, each in promise.by_goods_hours.items()
                    ),
                )
            ),
        )

    def _limit(self, limit: TimeLimit) -> str:
        anchor, span = self.name(names.ANCHORS, limit.anchor), self._span(limit.hours)
        return self.say(f"{anchor}后 {span} 内", f"within {span} of {anchor}")

    def people(self) -> Iterator[tuple[str, str]]:
        given = self._policy
        second = self.money(given.second_review.amount_from_minor)
        reasons = self.row(REASONS, given.second_review.reasons)
        yield (
            "second_review",
            self.joined(
                (self.say(f"{second} 起需第二位审核员同意", f"a second reviewer agrees from {second}"), reasons)
            ),
        )
        senior = given.senior_review
        yield (
            "senior_review",
            self.say("由高级审核员决定：", "a senior decides: ")
            + (self.joined(
                (
                    self.say("跨境", "across a border") if senior.cross_border else "",
                    self.say("有争议", "disputed") if senior.disputed else "",
                    self.row(REASONS, senior.reasons),
                    self.say("起点 ", "from ") + self.money(senior.amount_from_minor)
                    if senior.amount_from_minor is not None
                    else "",
                )
            ) or self.say("无", "none")),
        )  # fmt: skip
        large = self.money(given.lanes.large_amount_from_minor)
        elderly = self.say("老年用户优先", "elderly holders first") if given.lanes.elderly_first else ""
        yield "lanes", self.joined((self.say(f"大额通道：{large} 起", f"large amounts: from {large}"), elderly))
        certain = self.money(given.audit.certain_from_minor)
        yield (
            "audit",
            self.say(
                f"抽查概率与金额成正比，{certain} 起必抽", f"drawn in proportion to the sum, always from {certain}"
            )
            + f" · {self.row(names.CLASSES, given.audit.classes)}",
        )
        approved = permille(given.rollout.approved_permille)
        yield (
            "rollout",
            self.say(f"规则可通过的申请中实际放行 {approved}", f"{approved} of what the rules would approve is"),
        )

    def deadlines(self) -> Iterator[tuple[str, str]]:
        for kind in DeadlineKind:
            yield kind.value, f"{self.name(names.DEADLINES, kind)}: {self._policy.term(kind).text.get(self.language)}"
        yield (
            "calendar",
            self.say(f"工作日历 {self._policy.calendar.country}", f"calendar {self._policy.calendar.country}"),
        )
        yield "official_channel", self._policy.official_channel.text.get(self.language)

    def _span(self, hours: int) -> str:
        if hours % 24 == 0 and hours >= 48:
            return self.say(f"{hours // 24} 天", f"{hours // 24} days")
        return self.say(f"{hours} 小时", f"{hours} hours" if hours != 1 else "hour")
