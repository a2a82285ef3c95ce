"""Which lines tests run: a mutant inside of a function matters nowhere else."""

from benchmarks.laboratory.projects import Project
from benchmarks.laboratory.scratch import Scratch
from benchmarks.laboratory.truth import FIRST_LIMIT_S, RUNNER, LaboratoryError


def measure(project: Project) -> None:
    """Write `coverage.json` into the project's laboratory. Raises LaboratoryError."""
    scratch = Scratch.make(project, "coverage")
    outcomes = project.lab / "coverage-outcomes.json"
    outcomes.unlink(missing_ok=True)
    data = str(project.lab / "coverage-data")
    common = ("-m", "coverage")
    rest = ("--noinput", "--parallel", "1", "--testrunner", RUNNER)
    run = scratch.run(
        *common, "run", "--rcfile", "/dev/null", "--data-file", data, "--source", ".",
        "manage.py", "test", *project.labels, *rest,
        limit_s=FIRST_LIMIT_S, OUTCOMES=str(outcomes), DATABASE_COPY=str(scratch.database_copy()),
    )  # fmt: skip
    report = str(project.lab / "coverage.json")
    options = ("--rcfile", "/dev/null", "--data-file", data, "-o", report)
    written = scratch.run(*common, "json", *options, "-q", limit_s=FIRST_LIMIT_S)
    if not outcomes.exists() or written.status:
        raise LaboratoryError(f"No coverage of {project.name}:\n{run.output}\n{written.output}")
