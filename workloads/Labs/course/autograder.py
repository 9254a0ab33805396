"""Classroom 50's autograder for the labs: CLASSROOM/autograders/ASSIGNMENT/autograder.py, with your grading.yaml beside it.

The assignment's runtime needs the .NET SDK 10, as ubuntu-latest has it. The runner sets the variables that the result is made from.
"""

import pathlib
import subprocess
import tempfile

# The course's own copy of the project: a branch or tag that students cannot change.
PROJECT = "https://github.com/OWNER/MlPerfEdu"
REVISION = "main"

here = pathlib.Path(__file__).resolve().parent
submission = pathlib.Path.cwd()
with tempfile.TemporaryDirectory() as clone:
    subprocess.run(["git", "clone", "--quiet", "--depth", "1", "--branch", REVISION, PROJECT, clone], check=True)
    subprocess.run(
        ["dotnet", "run", "--project", f"{clone}/workloads", "--", "grade", "--rubric", str(here / "grading.yaml"),
         "--evidence", str(submission), "--format", "classroom50", "--out", str(submission / "result.json")],
        check=True, cwd=clone)
