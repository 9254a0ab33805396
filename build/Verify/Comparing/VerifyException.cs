// In the global namespace, as in the package: the name is part of what a failing test prints.
sealed class VerifyException(string message) : Exception(message)
{
    // The message says which files differ; where in Verify that was noticed helps nobody.
    public override string StackTrace => "";
}
