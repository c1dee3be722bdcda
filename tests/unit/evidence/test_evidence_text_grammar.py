"""Keys of free text that no list holds."""

from __future__ import annotations

import pytest

from service.evidence.labels import hits_in
from service.evidence.lexicon import Label
from service.evidence.normalise import clean

MEANINGS = {
    Label.PRODUCT: "购买商品 充值套餐 权益内容 缴费项目 面值名称 开通套餐 券名称 道具名称 兑换商品 办理业务 会员等级",
    Label.RECHARGED_ACCOUNT: "直充账号 会员手机号 绑定账号 充值UID 到账手机 玩家ID 被充值手机号 接收账号 发放账号",
    Label.PAYMENT_METHOD: "扣款渠道 支付账户 付款银行卡 转出卡 付款方账号 付款卡号 扣费账户",
    Label.PAYEE: "收款方全称 收款账户名称 交易商户 收款公司名称 商户简称 收款人全名 交易对方名称",
    Label.STATUS: "充值进度 业务状态 卡券状态 开通结果 支付结果 会员状态",
    Label.OTHER_TEXT: "游戏名称 所在大区 买家手机 联系邮箱 下单人手机号 收款银行 付款户名 商品规格 充值游戏 开户行",
}

# The account an app store bills is no account recharged.
FURTHER = {
    Label.OTHER_NUMBER: "Apple ID",
    Label.PRODUCT: "資費方案名稱 道具品名 商品名称/数量 | Data pack | Top-up bundle | Edition name | Membership plan",
    Label.RECHARGED_ACCOUNT: (
        "儲值電話號碼 手機號碼（增值） B站UID 战网账号 通行证UID 给谁充值 | "
        "Number to be recharged | User ID (Zone ID) | User ID | Xbox account | Online ID"
    ),
    Label.PAYMENT_METHOD: "支付管道 刷卡卡号 买家付款方式 资金渠道 | Means of payment | Source of payment",
    Label.PAYEE: "签约商户名称 特約商店 收费单位 对方账户名称 | Collected by | Money sent to",
    Label.OTHER_TEXT: (
        "销售主体 賣場名稱 退货进度 寄送狀態 币种 | Shop's name | Tracking status | Screen name | Exchange rate"
    ),
    Label.PRODUCT_SECTION: "品项明细 | Items ordered",
}


@pytest.mark.parametrize(
    ("label", "word"), [(label, word) for label, words in MEANINGS.items() for word in words.split()]
)
def test_words_put_together(label: Label, word: str) -> None:
    hits = hits_in(word)
    assert [(hit.label, hit.whole) for hit in hits] == [(label, True)]


def _phrases(text: str) -> list[str]:
    """Han words by blanks, Latin ones by bars."""
    han, *latin = text.split(" | ")
    return [*([han] if han.isascii() else han.split()), *latin]


@pytest.mark.parametrize(
    ("label", "phrase"), [(label, phrase) for label, words in FURTHER.items() for phrase in _phrases(words)]
)
def test_further_words_put_together(label: Label, phrase: str) -> None:
    hits = hits_in(clean(phrase))
    assert [(hit.label, hit.whole) for hit in hits] == [(label, True)]


@pytest.mark.parametrize(
    "text",
    [
        "Digital item",
        "Game pass ultimate",
        "云海幻境月卡",
        "腾跃视频会员年卡",
        "全国话费充值50元",
        "充值商品已发货请查收",
        "中石油加油卡200元直充卡",
        "Starfall Season Pass",
    ],
)
def test_goods_and_sentences_are_no_keys(text: str) -> None:
    assert not any(hit.whole for hit in hits_in(text))
