"""Compares the engine with DuckDB on the same data: figures first, then times.

    python bench/compare.py FOLDER SCALE-BINARY [ROUNDS]

FOLDER is what `generate-scale` wrote and `scale build` built. DuckDB reads the Parquet files, and
a database of its own with the same rows in the same order, texts kept as enums.
"""

import json
import math
import os
import resource
import statistics
import subprocess
import sys
import time

import duckdb

THREADS = 2
HERE = os.path.dirname(os.path.abspath(__file__))

HOMELESS = "('rough', 'emergency', 'temporary', 'institution', 'with_others')"
PERSONAL = "('intake', 'conversation', 'home_visit', 'phone', 'outreach')"
DATA_DATE = "DATE '2025-12-31'"


def age(at):
    """Completed years; someone born on 29 February is a year older on the 28th."""
    return f"date_diff('year', birth_date, {at}) - CAST((birth_date + to_years(CAST(date_diff('year', birth_date, {at}) AS INTEGER))) > {at} AS INTEGER)"


def people(first, last):
    """People of whom membership of the target group is true, and those of whom it is unknown.

    `member` is true, false or NULL, by Kleene's logic.
    """
    return f"""
    stayed AS (
      SELECT person, CASE WHEN bool_or(place IN {HOMELESS}) THEN true
                          WHEN count(place) < count(*) THEN NULL ELSE false END AS homeless
      FROM stay
      WHERE arrived <= {last} AND arrived <= {DATA_DATE}
        AND greatest(arrived, coalesce(least(left_on - 1, {DATA_DATE}), {DATA_DATE})) >= {first}
      GROUP BY person),
    member AS (
      SELECT p.person, gender, district,
             ({age(first)} BETWEEN 16 AND 25)
               AND CASE WHEN s.person IS NULL THEN false ELSE s.homeless END AS member
      FROM profile p LEFT JOIN stayed s USING (person))"""


FIRST, LAST = "DATE '2024-01-01'", "DATE '2024-12-31'"

CUBE = """
  CASE WHEN grouping(gender) = 1 THEN 'total' ELSE coalesce(gender::VARCHAR, 'missing') END,
  CASE WHEN grouping(district) = 1 THEN 'total' ELSE coalesce(district::VARCHAR, 'missing') END"""

REACH = f"""WITH {people(FIRST, LAST)}
SELECT {CUBE}, count(*) FILTER (member), count(*) FILTER (member IS NULL)
FROM member GROUP BY CUBE (gender, district)"""

FOLLOW_UP = f"""WITH
  intake AS (SELECT person, min(day) AS day FROM contact
             WHERE kind = 'intake' AND day <= {DATA_DATE} GROUP BY person),
  young AS (SELECT person, gender, district, intake.day
            FROM profile JOIN intake USING (person)
            WHERE intake.day BETWEEN {FIRST} AND {LAST} AND {age(FIRST)} BETWEEN 16 AND 25),
  visited AS (SELECT DISTINCT person FROM contact JOIN young USING (person)
              WHERE contact.kind = 'home_visit' AND contact.day <= {DATA_DATE}
                AND contact.day BETWEEN young.day + 7 AND CAST(young.day + INTERVAL 3 MONTH AS DATE)),
  answered AS (SELECT gender, district, CASE WHEN visited.person IS NOT NULL THEN true
                 WHEN CAST(young.day + INTERVAL 3 MONTH AS DATE) > {DATA_DATE} THEN NULL ELSE false END AS holds
               FROM young LEFT JOIN visited USING (person))
SELECT {CUBE}, count(*) FILTER (holds) / nullif(count(holds), 0), count(*) FILTER (holds IS NULL)
FROM answered GROUP BY CUBE (gender, district)"""

# A night under two roofs is one night: each stay counts from where the stays before it end.
NIGHTS = f"""WITH {people(FIRST, LAST)},
  inside AS (
    SELECT person, place, greatest(arrived, {FIRST}) AS start, arrived,
           least(coalesce(left_on, DATE '9999-12-31'), {LAST} + 1) AS stop
    FROM stay
    WHERE arrived <= {LAST}
      AND greatest(arrived, coalesce(least(left_on - 1, {DATA_DATE}), {DATA_DATE})) >= {FIRST}),
  unclear AS (SELECT DISTINCT person FROM inside WHERE place IS NULL),
  reaching AS (
    SELECT person, start, stop, max(stop) OVER (PARTITION BY person ORDER BY arrived
             ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before
    FROM inside WHERE place IN {HOMELESS}),
  slept AS (SELECT person, sum(greatest(0, stop - greatest(start, coalesce(before, start)))) AS nights
            FROM reaching GROUP BY person),
  answered AS (SELECT gender, district, CASE WHEN unclear.person IS NULL THEN coalesce(nights, 0) END AS nights
               FROM member LEFT JOIN slept USING (person) LEFT JOIN unclear USING (person)
               WHERE member)
SELECT {CUBE}, avg(nights), count(*) - count(nights) FROM answered GROUP BY CUBE (gender, district)"""

MINUTES = f"""WITH {people(FIRST, LAST)},
  talked AS (SELECT person, CASE WHEN count(minutes) = count(*) THEN sum(minutes) END AS minutes
             FROM contact WHERE day BETWEEN {FIRST} AND {LAST} AND kind IN {PERSONAL} GROUP BY person),
  answered AS (SELECT gender, district, minutes FROM member LEFT JOIN talked USING (person) WHERE member)
SELECT {CUBE}, avg(minutes), count(*) - count(minutes) FROM answered GROUP BY CUBE (gender, district)"""

ORGANISATIONS = f"""WITH {people(FIRST, LAST)},
  asked AS (SELECT person, member FROM member WHERE member IS NOT false),
  involved AS (
    SELECT person, organisation FROM contact SEMI JOIN asked USING (person)
    WHERE day BETWEEN {FIRST} AND {LAST}
    UNION
    SELECT person, organisation FROM stay SEMI JOIN asked USING (person)
    WHERE arrived <= {LAST}
      AND greatest(arrived, coalesce(least(left_on - 1, {DATA_DATE}), {DATA_DATE})) >= {FIRST})
SELECT coalesce(organisation::VARCHAR, 'none'), count(*) FILTER (member), count(*) FILTER (member IS NULL)
FROM asked LEFT JOIN involved USING (person) GROUP BY 1
UNION ALL
SELECT 'total', count(*) FILTER (member), count(*) FILTER (member IS NULL) FROM asked"""

QUARTERS = [("2024-Q1", "01-01", "03-31"), ("2024-Q2", "04-01", "06-30"),
            ("2024-Q3", "07-01", "09-30"), ("2024-Q4", "10-01", "12-31"), ("total", "01-01", "12-31")]

BY_QUARTER = f"""WITH
  cells(name, first, last) AS (VALUES {', '.join(f"('{name}', DATE '2024-{a}', DATE '2024-{b}')" for name, a, b in QUARTERS)}),
  stayed AS (
    SELECT name, person, CASE WHEN bool_or(place IN {HOMELESS}) THEN true
                              WHEN count(place) < count(*) THEN NULL ELSE false END AS homeless
    FROM stay, cells
    WHERE arrived <= last
      AND greatest(arrived, coalesce(least(left_on - 1, {DATA_DATE}), {DATA_DATE})) >= first
    GROUP BY name, person),
  member AS (
    SELECT name, ({age('first')} BETWEEN 16 AND 25) AND homeless AS member
    FROM stayed JOIN cells USING (name) JOIN profile USING (person))
SELECT name, count(*) FILTER (member), count(*) FILTER (member IS NULL) FROM member GROUP BY name"""

QUERIES = {"reach": REACH, "follow-up": FOLLOW_UP, "nights": NIGHTS, "minutes": MINUTES,
           "organisations": ORGANISATIONS, "quarters": BY_QUARTER}
MEASURES = {"reach": "reach", "follow-up": "followed_up", "nights": "nights_homeless",
            "minutes": "personal_minutes", "organisations": "reach", "quarters": "reach"}


def connect(folder, native):
    """Views on the files, or a database with the same rows in the same order."""
    path = os.path.join(folder, "native.duckdb")
    if not native:
        connection = duckdb.connect(config={"threads": THREADS})
        for name in ("profile", "contact", "stay"):
            columns = '* RENAME ("left" AS left_on)' if name == "stay" else "*"
            connection.execute(f"CREATE VIEW {name} AS SELECT {columns} FROM '{folder}/{name}.parquet'")
        return connection
    made = os.path.exists(path)
    connection = duckdb.connect(path, read_only=made, config={"threads": THREADS})
    if not made:
        for name in ("profile", "contact", "stay"):
            file = f"'{folder}/{name}.parquet'"
            described = connection.execute(f"DESCRIBE SELECT * FROM {file}").fetchall()
            columns = []
            for column, kind, *_ in described:
                if kind == "VARCHAR":
                    values = [row[0] for row in connection.execute(
                        f"SELECT DISTINCT {column} FROM {file} WHERE {column} IS NOT NULL ORDER BY 1").fetchall()]
                    kind = f"ENUM ({', '.join(repr(value) for value in values)})"
                renamed = "left_on" if column == "left" else column
                columns.append(f'CAST("{column}" AS {kind}) AS {renamed}')
            connection.execute(f"CREATE TABLE {name} AS SELECT {', '.join(columns)} FROM {file}")
        connection.close()
        connection = duckdb.connect(path, read_only=True, config={"threads": THREADS})
    return connection


def duck(folder, kind, rounds):
    """Rows and times of every query; run in a process of its own for its memory."""
    connection = connect(folder, kind == "native")
    rows, times = {}, {name: [] for name in QUERIES}
    for _ in range(rounds):
        for name, text in QUERIES.items():
            begun, busy = time.perf_counter(), time.process_time()
            rows[name] = connection.execute(text).fetchall()
            times[name].append((time.perf_counter() - begun, time.process_time() - busy))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"rows": rows, "times": times, "memory": round(peak)}


def figures(rows):
    """What both sides must agree on: value and unknown of each group, those of nobody left out."""
    told = {}
    for row in rows:
        *groups, value, unknown = row
        if not (value is None or value == 0) or unknown:
            told[tuple(groups)] = (value, unknown)
    return told


def differences(name, ours, theirs):
    """Groups whose figures differ by more than rounding."""
    ours, theirs = figures(ours), figures(theirs)
    for group in sorted(set(ours) | set(theirs)):
        one, two = ours.get(group), theirs.get(group)
        same = one is not None and two is not None and one[1] == two[1] and (
            one[0] == two[0] or None not in (one[0], two[0])
            and math.isclose(one[0], two[0], rel_tol=1e-12))
        if not same:
            yield f"{name} {group}: engine {one}, DuckDB {two}"


def main():
    if sys.argv[1] == "--duck":
        print(json.dumps(duck(sys.argv[2], sys.argv[3], int(sys.argv[4]))))
        return
    folder, binary = sys.argv[1], sys.argv[2]
    rounds = int(sys.argv[3]) if len(sys.argv) > 3 else 5
    connect(folder, True).close()

    def engine():
        run = subprocess.run([binary, "run", folder, f"{HERE}/scale.interplay", f"{HERE}/queries.txt", "3"],
                             check=True, capture_output=True, text=True)
        told = json.loads(run.stdout)
        told["times"] = {query["name"]: query["times"] for query in told["queries"]}
        return told

    def other(kind):
        run = subprocess.run([sys.executable, __file__, "--duck", folder, kind, "3"],
                             check=True, capture_output=True, text=True)
        return json.loads(run.stdout)

    sides = {"engine": engine, "parquet": lambda: other("parquet"), "native": lambda: other("native")}
    told, times = {}, {side: {} for side in sides}
    for _ in range(rounds):  # in turn, so that a busy moment of the machine hits all alike
        for side, run in sides.items():
            told[side] = run()
            for name, taken in told[side]["times"].items():
                times[side].setdefault(name, []).extend(taken)

    engine_rows = {query["name"]: query["rows"] for query in told["engine"]["queries"]}
    wrong = []
    for name in QUERIES:
        ours = [(*row["groups"], row["value"], row["unknown"]) for row in engine_rows[name]]
        for side in ("parquet", "native"):
            wrong += differences(name, ours, told[side]["rows"][name])
    alone = sorted(json.dumps(row) for name in QUERIES for row in engine_rows[name])
    if alone != sorted(json.dumps(row) for row in engine_rows["batch"]):
        wrong.append("the batch's figures differ from those of its queries alone")
    print("figures equal" if not wrong else f"{len(wrong)} figures differ:")
    for line in wrong[:20]:
        print("  " + line)
    if wrong:
        sys.exit(1)

    for side in ("parquet", "native"):
        rounds_taken = zip(*(times[side][name] for name in QUERIES))
        times[side]["batch"] = [
            tuple(map(sum, zip(*taken))) for taken in rounds_taken]
    for at, what in enumerate(("Seconds, best run (median)", "Processor seconds, least (median)")):
        print(f"\n{what}:\n\n| measure | engine | DuckDB, Parquet | DuckDB, native | faster than the better |")
        print("|---|---|---|---|---|")
        for name in [*QUERIES, "batch"]:
            taken = [[one[at] for one in times[side][name]] for side in sides]
            least = [min(one) for one in taken]
            shown = " | ".join(f"{min(one):.3f} ({statistics.median(one):.3f})" for one in taken)
            print(f"| {name} | {shown} | {min(least[1:]) / least[0]:.1f} × |")
    memory = told["engine"]["memory"]
    print(f"\nengine: peak {memory['peak']:.0f} MiB, of which {memory['anonymous']:.0f} MiB are not mapped files;"
          f" opened in {told['engine']['opened']:.3f} s")
    print(f"DuckDB: peak {told['parquet']['memory']} MiB on Parquet, {told['native']['memory']} MiB native")


if __name__ == "__main__":
    main()
