"""What every test may ask for."""

pytest_plugins = [
    "tests.fixtures.postgres",
    "tests.fixtures.browser",
    "tests.fixtures.node",
    "tests.fixtures.worlds",
    "tests.fixtures.texts",
    "tests.fixtures.running_server",
]
