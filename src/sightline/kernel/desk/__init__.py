"""The front desk: what can be asked of an installation. Every interface comes here, so none decides anything itself."""

from sightline.kernel.desk.desk import Desk

__all__ = ["Desk"]
