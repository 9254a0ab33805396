namespace MlPerfEdu.Roofline.Count;

static class ConvolutionChecks
{
    public static void Groups(int groups, long inChannels, long outChannels)
    {
        if (inChannels % groups != 0 || outChannels % groups != 0)
        {
            throw new ArgumentException(
                $"{groups} groups do not divide {inChannels} input and {outChannels} output channels; use a common divisor of both.");
        }
    }
}
