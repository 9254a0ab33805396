namespace VerifyTests;

sealed class VerifyException(string message) : Exception(message)
{
    // The message says which files differ; where in Verify that was noticed helps nobody.
    public override string StackTrace => "";
}
