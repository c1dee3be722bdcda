"""The loader's sentences in Chinese. They are written in one place, in English (``service.policy``); a sentence that
has no counterpart here is shown as it is, and a test holds the two against each other."""

from __future__ import annotations

import re

_UNITS = {
    "in the smallest unit of the currency: 5000 for ¥50.00": "单位为货币最小单位（分）：5000 表示 ¥50.00",
    "in thousandths: 5 for 0.5 %, 50 for 5 %": "单位为千分之一：5 表示 0.5%，50 表示 5%",
    "in hours: 72 for three days": "单位为小时：72 表示三天",
    "in hours: 24 for a day": "单位为小时：24 表示一天",
    "in working days, such as 3": "单位为工作日，例如 3",
    "in days, such as 30": "单位为天，例如 30",
    "such as 3": "例如 3",
}
_WORDS = {"a group of keys": "一组键", "a list": "一个列表", "nothing": "空"}
# Longest first where one is the beginning of another. (?P<u>…) is a unit, (?P<v>…) a value as it was found.
_SENTENCES = tuple(
    (re.compile(pattern, re.DOTALL), said)
    for pattern, said in (
        (
            r"write a whole number without quotes, (?P<u>.+) \(found (?P<v>.+)\)",
            "请写整数，不要加引号，{u}（现在是 {v}）",
        ),
        (r"write a whole number, (?P<u>.+) \(found (?P<v>.+)\)", "请写整数，{u}（现在是 {v}）"),
        (r"(?P<v>.+) is too small; the least is (?P<a>\S+) \((?P<u>.+)\)", "{v} 太小，最小为 {a}（{u}）"),
        (r"(?P<v>.+) is too large; the most is (?P<a>\S+) \((?P<u>.+)\)", "{v} 太大，最大为 {a}（{u}）"),
        (r"(?P<v>.+) is too large a number", "{v} 这个数太大"),
        (
            r"write the number (?P<v>.+) in plain digits, in quotes if it is a time or a text",
            "请把 {v} 写成普通数字；如果它是时间或文字，请加引号",
        ),
        (
            r"write the number (?P<v>.+) in plain digits, or in quotes if it is a text",
            "请把 {v} 写成普通数字；如果它是文字，请加引号",
        ),
        (
            r"(?P<v>.+) is not known here; did you mean (?P<a>.+)\? The choices are (?P<b>.+)",
            "这里不能写 {v}，是否想写 {a}？可选：{b}",
        ),
        (r"(?P<v>.+) is not known here; choose one of (?P<b>.+)", "这里不能写 {v}，请从中选择：{b}"),
        (
            r"(?P<v>.+) does not fit here; use letters of a to z, digits, - _ and \. only, up to 64 of them",
            "这里不能写 {v}：只能用英文字母、数字和 - _ .，最多 64 个",
        ),
        (
            r"(?P<v>.+) does not fit here; write the three capital letters of a currency, such as CNY",
            "这里不能写 {v}：请写三个大写字母的货币代码，例如 CNY",
        ),
        (
            r"(?P<v>.+) does not fit here; write the two capital letters of a country, such as CN, or none",
            "这里不能写 {v}：请写两个大写字母的国家代码，例如 CN，或写 none",
        ),
        (
            r'(?P<v>.+) does not fit here; write a time of day in quotes, such as "18:00"',
            '这里不能写 {v}：请写带引号的时刻，例如 "18:00"',
        ),
        (r"(?P<v>.+) does not fit here; expected the pattern (?P<a>.+)", "这里不能写 {v}：须符合 {a}"),
        (
            r"missing; add `(?P<a>.+):` under (?P<b>.+) \(line (?P<c>\d+)\), as the template shows",
            "缺少 {a}：请在 {b}（第 {c} 行）下面加上 `{a}:`，写法见模板",
        ),
        (
            r"missing; add `(?P<a>.+):` at the top level, as the template shows",
            "缺少 {a}：请在最外层加上 `{a}:`，写法见模板",
        ),
        (
            r"unknown key; `(?P<a>.+)` belongs (?P<b>.+); move it there, or check the indentation of this line",
            "键 {a} 不属于这里，应放在：{b}；请移过去，或检查这一行的缩进",
        ),
        (
            r"unknown key; did you mean `(?P<a>.+)`\? It belongs (?P<b>.+)",
            "没有这个键，是否想写 `{a}`？它应放在：{b}",
        ),
        (r"unknown key; did you mean `(?P<a>.+)`\?", "没有这个键，是否想写 `{a}`？"),
        (
            r"unknown key; remove it or correct its spelling; the keys here are (?P<b>.+)",
            "没有这个键，请删除或改正拼写；这里可用：{b}",
        ),
        (r"unknown key; remove it or correct its spelling", "没有这个键，请删除或改正拼写"),
        (
            r"write a text, in quotes if it looks like a number, date, yes or no \(found (?P<v>.+)\)",
            "请写文字；如果看起来像数字、日期或 yes/no，请加引号（现在是 {v}）",
        ),
        (r"write true or false, without quotes \(found (?P<v>.+)\)", "请写 true 或 false，不加引号（现在是 {v}）"),
        (
            r"write `key: value` lines under it, indented, or \{key: value\} behind it; the keys are (?P<b>.+) "
            r"\(found (?P<v>.+)\)",
            "请在它下面缩进写“键: 值”；可用的键：{b}（现在是 {v}）",
        ),
        (
            r"write `key: value` lines under it, indented.* \(found (?P<v>.+)\)",
            "请在它下面缩进写“键: 值”（现在是 {v}）",
        ),
        (
            r"write a list: \[one, two\], or one `- entry` per line \(found (?P<v>.+)\)",
            "请写列表：[一, 二]，或每行一个“- 项目”（现在是 {v}）",
        ),
        (r"this text is empty; write it(?: \(found .*\))?", "这里是空的，请写上文字"),
        (r"this text is too long; at most (?P<a>\d+) characters", "文字太长，最多 {a} 个字符"),
        (
            r"write a day such as 2026-10-01, without a time \(found (?P<v>.+)\)",
            "请写日期，例如 2026-10-01，不带时刻（现在是 {v}）",
        ),
        (r"write a day such as 2026-10-01 \(found (?P<v>.+)\)", "请写日期，例如 2026-10-01（现在是 {v}）"),
        (r"the list is empty; it needs at least one entry", "列表是空的，至少要有一项"),
        (r"given twice \(first in line (?P<a>\d+)\); keep one", "写了两次（第一次在第 {a} 行），只保留一处"),
        (r"a key here is not a plain word; put it in quotes", "这里的键不是普通词语，请加引号"),
        (r"\*(?P<a>.+) repeats another part; write the part out instead", "*{a} 引用了别处的内容，请把内容完整写出来"),
        (r"nested too deeply; a policy needs no more than (?P<a>\d+) levels", "嵌套太深，最多 {a} 层"),
        (
            r"this is not valid YAML: a colon too many, or a line indented too far; put a text with a colon in quotes",
            "格式有误：多了一个冒号，或缩进过多；文字里有冒号时请给整句加引号",
        ),
        (
            r"this is not valid YAML: there is a tab here; indent with blanks",
            "格式有误：这里有制表符（Tab），请用空格缩进",
        ),
        (
            r"this is not valid YAML: this line is indented otherwise than those beside it",
            "格式有误：这一行的缩进与相邻的行不一致",
        ),
        (
            r"this is not valid YAML: this line is indented otherwise than the lines above it",
            "格式有误：这一行的缩进与上面的行不一致",
        ),
        (
            r"this is not valid YAML: a colon is missing here or in the line above; write `key: value`",
            "格式有误：这一行或上一行缺少冒号；请写成“键: 值”",
        ),
        (
            r"this is not valid YAML: a quote or bracket that was opened is never closed",
            "格式有误：有引号或括号没有配对",
        ),
        (
            r"this is not valid YAML: (?P<a>.+); check indentation \(blanks, no tabs\), colons and quotes there",
            "格式有误（{a}）：请检查这里的缩进（用空格）、冒号和引号",
        ),
        (
            r"the file is not a list of `key: value` lines; start from the commented template",
            "内容不是“键: 值”的形式，请从带注释的模板开始",
        ),
        (
            r"the file has (?P<a>\d+) characters; a policy has at most (?P<b>\d+)",
            "文本有 {a} 个字符，最多 {b} 个",
        ),
        (r"a value cannot be read \((?P<a>.+)\); put texts in quotes", "有一个值无法读取（{a}），文字请加引号"),
        (r"(?P<v>.+) is not a time zone; write one such as Asia/Shanghai", "{v} 不是时区，请写例如 Asia/Shanghai"),
        (
            r"the id (?P<v>.+) is used more than once; give each entry its own",
            "编号 {v} 用了不止一次，每一项要有自己的编号",
        ),
        (
            r"the id (?P<v>.+) is already used under (?P<a>.+); an id names one clause",
            "编号 {v} 已在 {a} 下使用，一个编号只能对应一个条款",
        ),
        (
            r"one entry must have route: original and no payment_methods, for all other methods",
            "必须有一项为 route: original 且不写 payment_methods，用于其他付款方式",
        ),
        (
            r"(?P<v>.+) is not described under materials; describe it there or drop it here",
            "materials 里没有 {v}，请在那里写明，或从这里删除",
        ),
        (r"there is no clause (?P<v>.+) in the negative list", "negative_list 里没有条款 {v}"),
        (
            r"(?P<a>.+) is not listed under reasons with fault: buyer, and nobody else pays a fee; drop it here",
            "reasons 里的 {a} 不是买家原因（fault: buyer），其他情况不收手续费，请从这里删除",
        ),
        (
            r"claims that the buyer was not the one who ordered always go to a person; write handling: person",
            "“非本人操作”的申请一律人工审核，请写 handling: person",
        ),
        (
            r"the class (?P<a>.+) may approve, but no budget with entity: platform, max_amount_minor and window_hours "
            r"up to 24 holds for it; add one, so that a day's mistakes have a ceiling",
            "{a} 可以自动通过，却没有全平台的日额度；请加一项额度：entity: platform、window_hours 不超过 24、"
            "写明 max_amount_minor",
        ),
        (
            r"approval by risk goes up to (?P<a>\d+), so certain_from_minor must be at least that.*",
            "低风险自动通过的上限是 {a}，certain_from_minor 不能低于它，否则抽查就不再代表这些金额",
        ),
        (r"give either hours or working_days, and only one of them", "请在 hours 和 working_days 中只写一个"),
        (
            r"used_permille belongs to the rule used_above, which needs it",
            "used_permille 只用于规则 used_above，而且它必须有",
        ),
        (
            r"prompts belongs to the rule prompt_shown, which needs at least one",
            "prompts 只用于规则 prompt_shown，至少写一个",
        ),
        (
            r"the rule always would exclude every claim; name the reasons it is for",
            "规则 always 会排除所有申请，请写明适用的 reasons",
        ),
        (
            r"give either shown_by \(kinds of page\) or statement_characters, and only one of them",
            "请在 shown_by（页面种类）和 statement_characters 中只写一个",
        ),
        (r"must_show belongs to pages: give shown_by too", "must_show 用于页面，请同时写 shown_by"),
        (
            r"vague_phrases, names_order and page_stands_in belong to words: give statement_characters too",
            "vague_phrases、names_order 和 page_stands_in 用于文字说明，请同时写 statement_characters",
        ),
        (
            r"share_permille belongs to amount: share, which needs it",
            "share_permille 只用于 amount: share，而且它必须有",
        ),
        (r"pro_rata_by belongs to amount: pro_rata", "pro_rata_by 只用于 amount: pro_rata"),
        (
            r"a budget needs max_count or max_amount_minor, or both",
            "额度要写 max_count 或 max_amount_minor，或两者都写",
        ),
        (
            r"approved_first_below_minor is above certain_from_minor.*",
            "approved_first_below_minor 高于 certain_from_minor：必抽的申请会在审核前就放行，请写不超过它的数",
        ),
        (
            r"give either share_permille or unused_part_by, and only one of them",
            "请在 share_permille 和 unused_part_by 中只写一个",
        ),
        (
            r"amount_from_minor belongs to when: amount_from, which needs it",
            "amount_from_minor 只用于 when: amount_from，而且它必须有",
        ),
        (r"give minutes, hours or working_days, and only one of them", "请在 minutes、hours、working_days 中只写一个"),
        (
            r"the balance route, and only it, must say withdrawable: true or false",
            "只有 balance（余额）去向要写 withdrawable: true 或 false，而且必须写",
        ),
        (r"(?P<a>\S+) is both open and closed; keep it in one of the two lists", "{a} 同时列为上班和休息，请只留一处"),
        (r"a subdivision needs its country", "写 subdivision 时必须写 country"),
        (
            r"(?P<v>.+) is not a country whose holidays are known; write two letters such as CN",
            "没有 {v} 的节假日资料，请写两个字母，例如 CN",
        ),
        (
            r"(?P<v>.+) is not a part of (?P<a>.+) whose holidays are known \(known: (?P<b>.+)\)",
            "没有 {a} 的 {v} 地区的节假日资料（可用：{b}）",
        ),
        (r"is (?P<v>.+), but this platform's is (?P<a>.+); write that", "现在是 {v}，而本平台是 {a}，请写成后者"),
        (r"(?P<a>.+) \(found (?P<v>.+)\); compare with the template", "{a}（现在是 {v}），请对照模板"),
    )
)
_PLACES = ((" or ", " 或 "), ("at the top level", "最外层"), ("under ", "在 "))


def in_chinese(sentence: str) -> str | None:
    """The same in Chinese; None where it is not known."""
    for pattern, said in _SENTENCES:
        found = pattern.fullmatch(sentence)
        if found is not None:
            return said.format(**{name: _part(name, value) for name, value in found.groupdict().items()})
    return None


def _part(name: str, value: str) -> str:
    if name == "u":
        return _UNITS.get(value, value)
    if name == "v":
        return _WORDS.get(value, value)
    if name == "b" and (value.startswith(("under ", "at the top"))):
        for english, chinese in _PLACES:
            value = value.replace(english, chinese)
    return value
