using MlPerfEdu.Serving.Grammar;

namespace MlPerfEdu.Serving.Loop;

/// <summary>The small model that drafts the target's next tokens, in one pass per token for all conversations (Leviathan et al. 2023).</summary>
sealed class Draft(CachedModel model, GrammarCache grammar, int ahead)
{
    /// <summary>How many tokens to draft. The last one needs no draft: nothing is verified after it.</summary>
    public int Ahead(Conversation conversation) => Math.Min(ahead, conversation.Remaining - 1);

    /// <summary>A draft for each, which may be empty.</summary>
    public List<Guess> Propose(IEnumerable<Conversation> conversations)
    {
        List<Guess> guesses = [.. conversations.Select(conversation => new Guess(conversation))];
        var asking = guesses.FindAll(MayContinue);
        while (asking.Count > 0)
        {
            List<NextToken> next = [];
            foreach (var guess in asking)
            {
                next.AddRange(Unseen(guess));
                guess.Row = next.Count - 1;
            }
            var logits = model.Append(next);
            List<Guess> going = [];
            foreach (var guess in asking)
            {
                var token = Greedy.Choose(logits[guess.Row], grammar.Mask(guess.State));
                if (token == Vocabulary.End)
                    continue;
                guess.Append(token, grammar);
                if (MayContinue(guess))
                    going.Add(guess);
            }
            asking = going;
        }
        return guesses;
    }

    bool MayContinue(Guess guess) => guess.Tokens.Count < Ahead(guess.Conversation);

    // At first also the target's own token after the last guess, if it accepted all of it.
    IEnumerable<NextToken> Unseen(Guess guess)
    {
        var conversation = guess.Conversation;
        return guess.Tokens.Count == 0 ? conversation.From(model.Length(conversation.Id)) : [new NextToken(conversation.Id, guess.Tokens[^1])];
    }
}

/// <summary>The drafted tokens of a conversation.</summary>
sealed class Guess(Conversation conversation) : GrammarText([], conversation.State)
{
    public Conversation Conversation => conversation;
    /// <summary>Its first row in a pass.</summary>
    public int Row { get; set; }
}
