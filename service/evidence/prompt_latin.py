"""What error prompts say in English, by meaning. In match form: lower case, no blanks, straight apostrophes."""

from __future__ import annotations

from collections.abc import Mapping

from service.domain.evidence import ErrorCode
from service.evidence.prompt_words import CODE

# Words of the same clause.
_W = r"[^.,;:!?()]"
_NOT = r"(?:not|n't)"
_IS = (
    r"(?:is|was|are|were|has|have|had|been|be|currently|"
    r"temporarily|permanently|already|now|recently|just|since|no|longer)*"
)
_CANNOT = (
    r"(?:can't|cannot|couldnot|couldn't|unableto|didnot|didn't|donot|don't|doesnot|doesn't|"
    r"failedto|wasn'tableto|weren'tableto|failto)"
)
_THE = r"(?:an?y?|the|this|that|your|such|valid|matching|gift|redemption|activation|product|redeem|promo|card)*"
_ACCOUNT = r"(?:account|appleid|profile|user|wallet|profile|membership|psn|steamid)"
_WHO = r"(?:phone|mobile|account|user|player|recipient|subscriber|character|username|email|uid|msisdn)"
_PLACE = r"(?:country|region|area|territory|store|location|market|storefront)"
_TOPUP = r"(?:top-?up|recharge|refill|reload)"
_PAY = r"(?:payment|transaction|charge|purchase|card|billing|checkout|transfer)"
_FAILED = (
    r"(?:failed|unsuccessful|declined|notsuccessful|rejected|refused|notbeprocessed|notbecompleted|notcompleted|incomplete|"
    r"(?:couldnot|couldn't|cannot|can't|wasnot|wasn't)be(?:processed|completed|made)|(?:wasnot|wasn't|isnot|isn't)(?:successful|completed|processed)|"
    r"didnotgothrough|didn'tgothrough|failure|timedout|error)"
)
_NONE = r"(?:no|nomore|zero|thereareno|therewereno|youhaveno)"
_PROOF = (
    r"(?:verificationcode|securitycode|smscode|confirmationcode|authenticationcode|one-timecode|onetimecode|one-timepassword|otp|passcode|captcha|code(?:that)?we(?:just)?(?:texted|sent|emailed)|"
    r"authenticat\w{2,4}|identity|face|faceid|fingerprint|2fa|logincode|password)"
)

PATTERNS: Mapping[ErrorCode, tuple[str, ...]] = {
    ErrorCode.CODE_INVALID: (
        rf"{CODE}{_W}{{0,24}}?(?:invalid|(?:{_NOT}|doesn't(?:appear|seem)to|doesn'tlook)(?:be|tobe|a|appeartobe|like)*(?:valid|recogni[sz]ed|found|acceptable|genuine)"
        r"(?!until|before|for|from|in)|doesnotexist|doesn'texist|didnotwork|doesn'twork|didn'twork|voided|cancel+ed|unrecogni[sz]ed)",
        rf"{CODE}{_W}{{0,16}}?(?:couldnot|couldn't|cannot|can't)be(?:verified|validated|recogni[sz]ed|found)",
        rf"{_CANNOT}(?:find|locate|recogni[sz]e|verify|validate){_THE}(?:voucher|gift|serial)?{CODE}",
        rf"(?:invalid|unknown|(?:not|n't)an?(?:valid)?|unrecogni[sz]ed|nosuch)(?:valid|gift|activation|redemption|promo|promotional|product|voucher|serial|license|redeem|cd)*(?:{CODE}|coupon)",
        rf"doesn'tlooklikea(?:valid)?{_W}{{0,8}}{CODE}",
    ),
    ErrorCode.CODE_USED: (
        r"(?:already|previously)(?:been)?(?:used|redeemed|claimed|activated|applied|consumed|registered|linked|added|inuse)",
        rf"(?:hasbeen|was|hasalready|isalready|been|alreadybeen)(?:already|fully)?(?:been)?(?:used|redeemed|claimed)(?!for)|{CODE}(?:has|have|is|was|been)+(?:used|redeemed|claimed)(?!for)|failed\W*{CODE}(?:used|redeemed|claimed)",
        rf"{CODE}(?:has|have|is|was|been)*activatedon(?:another|adifferent)|{CODE}{_W}{{0,20}}?(?:alreadyin|in)use(?:on|by|$)|license{_W}{{0,10}}inuse",
        r"already(?:redeemed|used|claimed|activated|own(?:s|ed)?)(?:this|the|that|it|your)|duplicateactivation|(?<!un)usedcode|alreadyregisteredto|linkedtoan(?:other)?account",
    ),
    ErrorCode.CODE_WRONG: (
        rf"(?:incorrect|wrong|mistyped|malformed|misspelled){_W}{{0,10}}?{CODE}",
        rf"{CODE}{_W}{{0,20}}?(?:incorrect|iswrong|{_NOT}correct|doesnotmatch|doesn'tmatch|donotmatch|don'tmatch|mistyped|{_NOT}match|wronglytyped)",
        rf"{CODE}(?:must|should|has|needs)(?:to)?(?:be|have|contain)(?:exactly)?\d|enteranother{CODE}",
        rf"(?:enter|type|provide)(?:the|a|your)(?:correct|valid){_W}{{0,12}}?{CODE}|invalid{CODE}(?:format|length)|doesn'tmatchourrecords",
    ),
    ErrorCode.EXPIRED: (
        rf"(?:has|have|is|was|already){_IS}expired|{CODE}(?:has|have|is|was|already)*expired|expired(?:code|key|voucher|giftcard|card|coupon)|pastits?(?:expir|useby|use-by)|"
        rf"{CODE}{_W}{{0,16}}?past(?:its)?{_W}{{0,4}}date|(?:has|have)passed(?:its|the)expir|(?:redemption)?periodhas(?:ended|expired|passed)|nolongeravailabletoredeem|(?:offer|promotion|event|campaign)(?:has|is|have)*(?:already)?(?:ended|over|expired)",
    ),
    ErrorCode.TOPUP_FAILED: (
        rf"{_TOPUP}(?:has|was|is|request|order|attempt|status|of|for|to|-|:)*(?:(?:of|for|to)[\w+*.@-]{{1,24}})?{_IS}{_FAILED}",
        rf"{_CANNOT}(?:process|complete|do)?(?:the|your|this)?(?:mobile)?{_TOPUP}|failed{_TOPUP}",
    ),
    ErrorCode.NUMBER_NOT_FOUND: (
        rf"{_WHO}(?:number|id|name)?(?:you(?:'?ve|have)?(?:entered|provided|typed))?{_W}{{0,10}}?(?:doesnotexist|doesn'texist|"
        rf"{_NOT}(?:be)?(?:found|valid|registered|recogni[sz]ed|exist)|invalid|incorrect|iswrong)",
        rf"(?:invalid|incorrect|wrong|unknown|nosuch|unregistered)(?:mobile)?(?:{_WHO}|number)(?:number|id)?",
        rf"{_CANNOT}(?:find|locate|recogni[sz]e){_THE}(?:{_WHO}|number)|enterav(?:alid)(?:mobile|phone|player|user)",
        rf"no(?:such)?{_WHO}(?:with|found|exists|matching|number|was)",
        r"numberdoesnotexist|numberdoesn'texist|numbernotfound|numberisinvalid|number(?:you(?:entered|dialed|dialled))?(?:is)?notinservice",
    ),
    ErrorCode.REGION_MISMATCH: (
        rf"(?:{_NOT}(?:available|valid|supported|allowed|work|eligible)|(?:cannot|can't|{_NOT})be(?:used|redeemed|activated|purchased)|restricted|unavailable)"
        rf"(?:for)?(?:use|redemption|purchase)?(?:in|for|from|outside)(?:your|this|the)?(?:current)?(?:account)?{_PLACE}",
        rf"(?:region|country|server|territory|{_PLACE})(?:of{_W}{{0,14}})?(?:and\w+?)?(?:{_IS})(?:doesnotmatch|doesn'tmatch|donotmatch|don'tmatch|mismatch|notsupported|locked|restricted|"
        r"restriction|lock|incorrect|notmatched)",
        rf"(?:different|wrong|another|incorrect|unsupported)(?:{_PLACE}|server)|(?:other|different)(?:regions|countries|servers)|(?:must|need)(?:to)?be(?:located)?in{_W}{{1,28}}to(?:redeem|use|activate)",
    ),
    ErrorCode.BALANCE_INSUFFICIENT: (
        r"(?:insufficient|notenough|inadequate|lackof|(?:don't|donot|doesn't|doesnot)haveenough)(?:account|available|wallet|card)?"
        r"(?:balance|funds?|credits?|money|coins?|gems?|diamonds?|points?|tokens?|gold|uc\b|[a-z]-bucks|robux|crystals?|cash)",
        r"(?:balance|funds?|credits?)(?:is|are)?(?:insufficient|too?low|notenough|notsufficient)|lowbalance|insufficientfunds",
    ),
    ErrorCode.NO_SUCH_RECORD: (
        rf"{_NONE}(?:such|matching|relevant|recent)?(?:{_TOPUP}|transaction|payment|purchase|redemption|credit|order)?(?:s|history)?(?:record|records|transactions|history|activity|purchases|top-?ups)"
        r"(?:found|exists?|available|yet|todisplay|toshow|were|was|for|in|on|$)?",
        rf"{_CANNOT}(?:find|locate)(?:an?y?|the|this|that|your|such|matching)*"
        rf"(?:{_TOPUP}|transaction|payment|purchase|redemption)?(?:records?|history|transactions|top-?ups)",
        r"(?:record|records|transaction)(?:does|was|were|could|is)?(?:not|n't)(?:be)?(?:found|exist)|recorddoesn'texist|noresults(?:found|for)|nothing(?:was)?found",
        rf"foundno{_W}{{0,12}}?(?:{_TOPUP}|transaction|payment|purchase|record|history)|no{_TOPUP}s?(?:found|for|in|on)",
    ),
    ErrorCode.SYSTEM_BUSY: (
        r"(?:system|server|service|network|gateway|website|app)(?:is|are|has|'s)?(?:currently|temporarily|too|experiencing|internal|connection|very|under)*"
        r"(?:busy|error|unavailable|down|timeout|timedout|failure|overloaded|maintenance|problem|exception|offline|unreachable|outage)",
        r"(?:internalserver|network|connection|server|system)(?:error|timeout|failure|failed|issue|problem|lost)|(?:request|connection|session|operation)(?:has)?timedout|requesttimeout|somethingwentwrong|something(?:'s|is|has)gonewrong|requestfailed|"
        rf"toomanyrequests|unexpectederror|(?:an|unknown)errorhas|(?:an|unknown)error(?:has)?(?:just)?occurr?ed|unknownerror|temporarilyunavailable|serviceunavailable|technical(?:difficult|issue|problem|error)\w*|{_CANNOT}connect|"
        rf"{_CANNOT}(?:load|processyourrequest)|havingtrouble(?:connecting|loading)|{_CANNOT}(?:reach|contact)(?:the|our)?(?:server|network)|hitasnag|raninto(?:an?)?(?:problem|issue|error)|you(?:'re|are)offline|internalerror|gatewaytime-?out|badgateway|(?:not|n't)responding|nointernet|nonetwork|highdemand|waitinginqueue|undermaintenance",
    ),
    ErrorCode.PAYMENT_FAILED: (
        rf"{_PAY}(?:has|was|is|been|request|attempt|could|method|status|to\w{{1,20}}|-|:)*{_FAILED}",
        rf"{_CANNOT}(?:process|complete|authori[sz]e|take|charge)(?:the|your|this)?{_PAY}|failedpayment|(?:problem|issue|trouble)(?:with|processing)(?:your|the)(?:payment|card|billing)(?:method)?",
        r"(?:bank|issuer)(?:has)?(?:declined|rejected|refused)|declinedby(?:your|the)?(?:bank|issuer)",
    ),
    ErrorCode.DUPLICATE_PAYMENT: (
        r"(?:duplicate|repeated|double)(?:payment|charge|transaction|order|purchase)|(?:charged|paid|billed|deducted)twice|alreadypaid|(?:already(?:been)?paid|payment(?:hasbeen|was)?alreadymade|"
        r"orderalreadypaid|payment(?:for{0,1}[^.,;]{0,12})?(?:was|is|hasbeen)?already(?:been)?(?:made|completed|received))",
    ),
    ErrorCode.ORDER_NOT_FOUND: (
        rf"order(?:number|id|no)?(?:you(?:entered|provided))?{_W}{{0,8}}?(?:notfound|notexist|n'texist|invalid|abnormal|notbefound|n'tbefound|unavailable|error|incorrect|(?:is)?notvalid|notrecogni[sz]ed)",
        r"(?:no(?:such|matching)?orders?(?:was|were)?(?:found|match\w*|exists?)?(?!history|yet)|invalidorder|ordererror|unknownorder|abnormalorder|orders?(?:is|are|was)?nolongeravailable)",
        rf"{_CANNOT}(?:find|locate)(?:your|the|this|that|any|matching)*orders?(?!history)",
    ),
    ErrorCode.OUT_OF_STOCK: (
        r"(?:outofstock|soldout|nostock|notinstock|insufficientstock|stock(?:is)?insufficient|nolongerinstock|currentlyunavailableforpurchase|insufficientinventory|"
        r"notenoughstock|runoutof|alloutof|ranoutof|nomore(?:codes|items|stock|keys|cards)|no(?:codes|keys|items)(?:left|available|remaining)|outofinventory|"
        r"(?:item|product)(?:is|was)?(?:currently|temporarily|nolonger)*(?:unavailable|available(?<=longeravailable))(?!in|for))",
    ),
    ErrorCode.ACCOUNT_RESTRICTED: (
        rf"{_ACCOUNT}{_IS}(?:restricted|suspended|locked|banned|limited|disabled|frozen|blocked|abnormal|underreview|onhold|deactivated|terminated|{_NOT}(?:allowed|eligible|permitted))",
        rf"(?:restricted|suspended|locked|banned|frozen|disabled|blocked){_ACCOUNT}|suspiciousactivity|unusualactivity|riskcontrol|securityrestriction|"
        rf"blocked(?:for|by)(?:your|our)?(?:security|risk|fraud)|accountrestriction|{_PAY}(?:was|is|has|been)*blocked|(?:we've|wehave|has|have)(?:temporarily)?(?:locked|suspended|limited|disabled|restricted|blocked)your{_ACCOUNT}|{_ACCOUNT}(?:was|is|has|been)*flagged|youhavebeenbanned|flaggedasfraud|securityhold",
    ),
    ErrorCode.NOT_DELIVERED: (
        r"(?:(?:not|n't)(?:yet)?(?:been)?(?:yet)?(?:delivered|received|credited|arrived)|undelivered|delivery(?:has|was|is|attempt)*(?:failed|unsuccessful|overdue|delayed|timedout)|neverarrived|"
        rf"deliveryfailure|delivery{_W}{{0,16}}?failed|(?:couldnot|couldn't)bedelivered|(?:failedto|couldn't|couldnot|unableto|can't)deliver)",
    ),
    ErrorCode.LIMIT_EXCEEDED: (
        rf"limit(?:has|is|was|been)*(?:reached|exceeded|hit)|(?:exceed(?:s|ed|ing)?|reached|hit|over|above|past){_W}{{0,24}}?(?:limits?\b|maximum|allowance|quota|cap$)",
        rf"(?:exceed(?:s|ed)?|over|above)(?:the|your)?(?:\w{{0,10}})(?:maximum|limit)|maximum{_W}{{0,20}}?(?:reached|exceeded)|(?:daily|weekly|monthly|single|spending|purchase|redemption|transaction)limit(?:of\S{{1,8}})?(?:is|was|has)?(?:been)?(?:reached|exceeded)",
        rf"{_CANNOT}(?:redeem|buy|purchase|topup|recharge|use)(?:any)?more{_W}{{0,12}}(?:today|this(?:day|week|month))",
        r"toomany(?:attempts|tries|redemptions|purchases|orders)(?:made)?(?:[^.]{0,8})?(?:today|\W{0,2}(?:please)?(?:try|come|wait)?(?:again|back)?(?:tomorrow|in\d+hours|after24|24hours))|"
        r"youcanonly(?:buy|purchase|redeem|topup){0,1}[^.]{0,24}per(?:day|account|customer|user)",
    ),
    ErrorCode.CODE_LOCKED: (
        rf"{CODE}{_W}{{0,18}}?(?:frozen|blocked|locked|suspended|deactivated|disabled|revoked|onhold|blacklisted|stopped|cancelledbytheissuer)(?!in|to)",
        rf"{CODE}(?:was|is|has|been)*(?:reported)(?:as)?(?:lost|stolen)|(?:frozen|blocked|locked|suspended|disabled){CODE}",
    ),
    ErrorCode.VERIFICATION_FAILED: (
        rf"{_PROOF}{_W}{{0,24}}?(?:incorrect|invalid|wrong|failed|unsuccessful|{_NOT}(?:be)?(?:valid|correct|match|verified|confirmed)|expired|mismatch|doesn'tmatch|timedout)",
        rf"(?:incorrect|invalid|wrong|expired|bad)(?:payment|login|account|sms|6-digit)?{_PROOF}|{_CANNOT}(?:verify|confirm|authenticate)(?:your|you|the)?(?:identity|phone|email|number|account|device|$)",
        r"(?:verification|authentication|identification|idcheck|kyc|3-?dsecure)(?:check|attempt)?(?:has|was|is|have)*(?:failed|expired|unsuccessful|notpassed|timedout|error|didnotpass|notsuccessful)|smscode[^.]{0,20}(?:expired|incorrect|wrong)|"
        r"failed(?:identity)?verification",
    ),
    ErrorCode.NOT_YET_VALID: (
        rf"(?:{CODE}|promotion|offer|event|redemption|sale|campaign|period){_W}{{0,14}}?{_NOT}(?:yet)?(?:active|valid|started|begun|open|live|available|start|usable)(?:yet|until|before)",
        rf"{CODE}(?:can't|cannot|cannot)be(?:used|redeemed|activated)yet|{_NOT}yet(?:active|valid|started|begun|open|live|usable|redeemable)|(?:promotion|event|redemption|sale|campaign|offer)(?:has|have|is)*(?:not|n't)(?:yet)?(?:started|begun|open)|{_NOT}valid(?:until|before)|"
        rf"{CODE}{_W}{{0,10}}?{_NOT}(?:been)?activated(?:atthe|bythe|yet|at)|tooearly",
    ),
}
# What is said of terms as often as of what happened.
ONLY_IN_DIALOGS: Mapping[ErrorCode, str] = {
    ErrorCode.REGION_MISMATCH: r"onlybe(?:used|redeemed|activated)(?:in|within)(?!app)|onlyvalidin|onlyavailablein",
    ErrorCode.NOT_YET_VALID: (
        rf"{CODE}(?:will|can)(?:only)?be(?:valid|active|used|usable|redeemable|redeemed)"
        r"(?:from|after|starting|on)\d"
    ),
}
RELATIONS: Mapping[ErrorCode, str] = {
    ErrorCode.CODE_USED: (
        rf"{CODE}{_W}{{0,20}}?(?:reached|exceeded){_W}{{0,18}}?(?:uses?|usage|redemptions?|activations?)(?:limit)?"
        r"|activationlimit(?:has|is|was|been)*(?:reached|exceeded)|maximum(?:number)?(?:of)?activations"
    ),
}
IN_OTHER_WORDS: Mapping[ErrorCode, str] = {
    ErrorCode.CODE_WRONG: rf"{CODE}youentered(?:may|might)be(?:incorrect|wrong|mistyped)",
}
# See prompt_lexicon.VAGUE and TOPICS.
VAGUE: Mapping[ErrorCode, tuple[int, str]] = {
    ErrorCode.CODE_INVALID: (
        1,
        r"(?:can't|cannot|couldn't|couldnot|unableto|won't)(?:redeem|use|activate|apply|accept)(?:the|this|that|your|a)*"
        rf"(?:gift)?{CODE}",
    ),
    ErrorCode.SYSTEM_BUSY: (6, r"tryagainlater|trylater|tryagainin|(?:please)?(?:wait)?(?:in)?afewminutesandtryagain"),
}
_AMISS = (
    r"(?:(?:can't|cannot)(?!be(?:moved|refunded|returned|transferred|undone|shared|exchanged|cancel|combined|reversed|changed))|couldnot|couldn't|unable|won't|(?:wasnot|wasn't|isnot|isn't)(?:available|working|possible|supported)|doesnot|doesn't|failed|failure|error|problem|issue|wrong|"
    r"unsuccessful|denied|refused|rejected|declined)"
)
_AN = r"[^.;!?]{0,24}?"
TOPICS: Mapping[ErrorCode, str] = {
    ErrorCode.CODE_INVALID: rf"{CODE}{_AN}{_AMISS}|{_AMISS}{_AN}(?:redeem|{CODE})|redemption{_AN}{_AMISS}",
    ErrorCode.TOPUP_FAILED: rf"{_TOPUP}{_AN}{_AMISS}|{_AMISS}{_AN}{_TOPUP}",
    ErrorCode.NUMBER_NOT_FOUND: rf"(?:phonenumber|mobilenumber|playerid|userid){_AN}{_AMISS}",
    ErrorCode.SYSTEM_BUSY: rf"(?:server|network|connection|service|request){_AN}{_AMISS}",
    ErrorCode.PAYMENT_FAILED: rf"(?:payment|purchase){_AN}{_AMISS}|{_AMISS}{_AN}(?:payment|purchase|transaction)",
    ErrorCode.ORDER_NOT_FOUND: rf"order(?!ed){_AN}{_AMISS}",
    ErrorCode.ACCOUNT_RESTRICTED: rf"{_ACCOUNT}{_AN}{_AMISS}",
    ErrorCode.VERIFICATION_FAILED: rf"(?:verification|authentication){_AN}{_AMISS}",
    ErrorCode.NOT_DELIVERED: rf"deliver(?:y|ed|ing)?{_AN}{_AMISS}|{_AMISS}{_AN}deliver",
}
