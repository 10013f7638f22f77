"""For tests of this project and of outside authors: contract suites, a known world, a fake platform."""
