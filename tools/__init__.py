"""What no page needs: checks of the checks, measurements, the packages, a drawing of the house."""
