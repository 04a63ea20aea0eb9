from core.autonomy import DEFAULT_LEVEL, AutonomyLevel


def start():
    return max(DEFAULT_LEVEL, AutonomyLevel.LOW)
