from flags.admin import flag, restaurants

__all__ = ["flag", "restaurants"]
