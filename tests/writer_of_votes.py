"""A process that votes until it is killed: `python -m tests.writer_of_votes FILE WHO COUNT PARTS`.

Vote n goes to part n % PARTS, so that votes are replaced too; each id is printed once the vote is acknowledged.
"""

import sys

from pipelines.cases import CaseStore, Vote


def comment_of(n: int) -> str:
    return f"{n} " + "é" * (n % 700)


def main() -> None:
    path, who, count, parts = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
    store = CaseStore(path)
    start = sum(vote["who"] == who for vote in store.earlier_votes()) + sum(vote.who == who for vote in store.votes())
    for n in range(start, start + count):
        id = store.vote(Vote("promotion", "p1", who, f"text-{n % parts}", thumb=1, comment=comment_of(n)))
        print(id, flush=True)


if __name__ == "__main__":
    main()
