"""Send one claim with its screenshots and say what came back.

PREREVIEW_URL=http://127.0.0.1:8000 PREREVIEW_KEY=... python submit_claim.py claim.json [screenshot ...]
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from service.client import NotReached, PrereviewClient, PrereviewProblem


def main(arguments: list[str]) -> int:
    if not arguments or "PREREVIEW_KEY" not in os.environ:
        print(__doc__, file=sys.stderr)
        return 2
    claim = json.loads(Path(arguments[0]).read_text(encoding="utf-8"))
    with PrereviewClient(
        os.environ.get("PREREVIEW_URL", "http://127.0.0.1:8000"), os.environ["PREREVIEW_KEY"]
    ) as client:
        try:
            answer = client.submit(claim, arguments[1:], idempotency_key=claim["reference"])
            if answer.pending:
                answer = client.wait(answer.case_id, seconds=60)
        except PrereviewProblem as problem:
            print(f"refused: {problem.detail}", file=sys.stderr)
            for error in problem.extra.get("errors", []):
                print(f"  {error['path']}: {error['message']}", file=sys.stderr)
            return 1
        except NotReached as problem:
            print(problem, file=sys.stderr)
            return 1
    print(f"{answer.number}  {answer.decision or answer.state}")
    if answer.amount is not None:
        print(
            f"pay {answer.amount} {answer.currency} (minor units) by {answer.route}; first: {answer.obligations or '-'}"
        )
    print(answer.buyer.message)
    print(answer.buyer.next)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
