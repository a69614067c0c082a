"""`configure` adds to a course's settings and takes nothing away."""

import copy
from pathlib import Path

import pytest
from traitlets.config import Config

from autograder.gradebook.preprocessors import ClearKitSolutions
from autograder.gradebook.settings import configure


@pytest.fixture
def config(tmp_path, monkeypatch) -> Config:
    monkeypatch.chdir(tmp_path)
    return Config()


def test_what_the_course_has_set_stays(config):
    config.CourseDirectory.source_directory = "mine"
    config.Autograde.autograde_preprocessors = ["mine.Execute"]
    config.Autograde.pre_convert_hook = "mine.hook"
    config.ExportApp.plugin_class = "mine.Export"
    config.HTMLExporter.filters = {"mine": "mine.filter"}
    config.HTMLExporter.extra_template_basedirs = ["mine"]
    config.GenerateAssignment.preprocessors = ["mine.First", "nbgrader.preprocessors.ClearSolutions"]
    configure(config)
    assert config.CourseDirectory.source_directory == "mine"
    assert "release_directory" not in config.CourseDirectory
    assert config.SubmissionExporter.other_autograde_preprocessors == ["mine.Execute"]
    assert config.SubmissionExporter.other_pre_convert_hook == "mine.hook"
    assert config.ExportApp.plugin_class == "mine.Export"
    assert config.HTMLExporter.filters["mine"] == "mine.filter"
    assert config.HTMLExporter.extra_template_basedirs[0] == "mine"
    kits = f"{ClearKitSolutions.__module__}.{ClearKitSolutions.__name__}"
    assert config.GenerateAssignment.preprocessors == ["mine.First", kits]


@pytest.mark.parametrize(
    ("folders", "source"),
    [(["source"], None), (["source", "solutions/source"], None), (["solutions/source"], "solutions/source")],
)
def test_the_folders_are_the_kits_only_where_the_course_has_none(folders, source, config):
    for folder in folders:
        Path(folder).mkdir(parents=True)
    configure(config)
    assert config.CourseDirectory.get("source_directory") == source


def test_configuring_twice_is_configuring_once(config):
    configure(config)
    once = copy.deepcopy(config)
    configure(config)
    assert config == once
