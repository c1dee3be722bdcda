"""Who does what at the policy desk. An administrator has no part in it: a policy is what money is approved by."""

from __future__ import annotations

from service.domain.users import Role

SIGNERS = (Role.RISK_OWNER,)
WRITERS = (Role.RISK_OWNER, Role.DATA_SCIENTIST)
READERS = (Role.RISK_OWNER, Role.DATA_SCIENTIST, Role.SENIOR, Role.AUDITOR)
