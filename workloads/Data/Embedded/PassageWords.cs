namespace MlPerfEdu.Data;

/// <summary>What generated passages are about: concepts of seven kinds, each with three words that mean the same here, and the names of owners.</summary>
public static class PassageWords
{
    public const int Thing = 0, Colour = 1, Builder = 2, Place = 3, Animal = 4, Event = 5, Goods = 6, Kinds = 7;

    /// <summary>Words for each concept.</summary>
    public const int Forms = 3;

    static readonly string[][][] Concepts =
    [
        Of("""
            inn tavern lodge, bridge span viaduct, tower spire turret, church chapel shrine, school academy college, shop store boutique,
            barn stable shed, boat ship vessel, garden orchard park, market bazaar emporium, house cottage dwelling, castle fortress citadel,
            theatre playhouse stage, museum gallery exhibition, prison jail dungeon, hospital clinic infirmary, library archive bookroom,
            well fountain cistern, factory foundry workshop, farm ranch homestead, lighthouse beacon pharos, mine quarry pit,
            tomb crypt mausoleum, bakery bakehouse patisserie
            """),
        Of("""
            red crimson scarlet, blue azure cobalt, green emerald jade, yellow golden amber, white ivory snowy, black ebony sable,
            grey ashen silvery, brown umber tawny, pink rosy coral, purple violet mauve, orange tangerine apricot, beige cream sandy
            """),
        Of("""
            doctor physician medic, teacher tutor instructor, farmer grower planter, sailor mariner seaman, soldier warrior trooper,
            merchant trader dealer, painter artist limner, judge magistrate arbiter, cook chef caterer, writer author novelist,
            tailor seamstress dressmaker, thief robber burglar, king monarch ruler, monk friar hermit, lawyer attorney advocate,
            singer vocalist crooner, builder mason bricklayer, hunter trapper stalker, clerk scribe secretary, nurse carer matron
            """),
        Of("""
            coast shore beach, forest wood grove, hill mound knoll, river stream brook, valley dale glen, town borough burgh,
            village hamlet settlement, desert wasteland dunes, lake pond mere, mountain peak summit, field meadow pasture, swamp marsh bog,
            cave cavern grotto, island isle islet, road lane avenue, harbour port dock, city metropolis capital, cliff bluff crag,
            waterfall cascade cataract, border frontier boundary
            """),
        Of("""
            horse steed mare, dog hound cur, cat feline tabby, cow ox heifer, sheep ewe ram, pig hog sow, goat kid billy, hen rooster chicken,
            duck drake mallard, rabbit hare bunny, donkey mule burro, snake serpent viper, frog toad newt, bee wasp hornet, mouse rat vole,
            fox vixen reynard, pigeon dove squab, crow raven rook, lizard gecko salamander, turtle tortoise terrapin
            """),
        Of("""
            storm gale tempest, fire blaze inferno, flood deluge inundation, feast banquet festival, war battle conflict,
            wedding marriage nuptials, plague epidemic pestilence, earthquake tremor quake, drought dearth aridity, riot uprising revolt,
            siege blockade encirclement, landslide avalanche mudslide, robbery heist theft, coronation crowning enthronement,
            auction sale bidding, parade procession march
            """),
        Of("""
            bread loaves rolls, wine claret burgundy, cloth fabric textile, gold bullion ingots, coal charcoal coke, honey nectar syrup,
            salt brine seasoning, paper parchment vellum, rope cord twine, glass crystal panes, timber lumber planks, wool fleece yarn,
            tea infusion tisane, soap lather suds, candles tapers lanterns, knives daggers blades, coins money cash, books volumes tomes,
            shoes boots sandals, fruit produce berries
            """),
    ];

    public static IReadOnlyList<string> FirstNames { get; } =
        """
        anna bruno clara dario edith felix greta hugo irene jonas karla leo mina nils olga paul quinn rosa simon tilda udo vera willa xaver
        yvonne zeno agnes boris celia dora emil flora gustav hanna igor judith kurt lena marek nora
        """.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);

    public static IReadOnlyList<string> LastNames { get; } =
        """
        ashby brandt calder dunmore ekberg farrow gruber hallam ivers jansen keller lindqvist marlow novak okafor penrose quist renner
        sandoval tolland ulrich varga wexford yardley zander abbot bellamy carver dexter eastman fielding garner hobart ingram joiner
        kendrick langley mercer norwood orwell
        """.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);

    /// <summary>How many concepts there are of a kind.</summary>
    public static int Count(int kind) => Concepts[kind].Length;

    public static string Word(int kind, int concept, int form) => Concepts[kind][concept][form];

    static string[][] Of(string text) =>
        [.. text.Split(',').Select(forms => forms.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))];
}
