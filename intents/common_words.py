"""The commonest English words: correct however rarely the knowledge uses them.

Repair must not turn "sell" into "tell" because only the latter occurs in the knowledge.
"""

from typing import Final

COMMON_WORDS: Final = frozenset(
    """
    a able about above accept across act actual actually add address after again against age ago
    agree ahead all allow almost alone along already also although always am among amount an and
    another answer any anybody anyone anything anyway anywhere apart app apply are area around as
    ask asked at available average away back bad bank base be became because become bed been before
    began begin behind being believe below best better between big bill bit black blue board body
    book both bought box boy bring brought build building business but buy by call called came can
    cannot cant car card care case cash cause cent certain change charge cheap check child choose
    city clear close code cold come coming common company complete cost could country couple course
    cover cut daily data date day deal dear did didnt different difficult do does doesnt doing done
    dont door double down draw drive drop due during each early earn easy eat effect either else
    email end enough enter even evening ever every everyone everything exactly example expect
    explain extra eye face fact fair fall family far fast father fee feel feet few figure fill
    final find fine first five fix follow following food foot for form forward found four free
    friend from front full fund further future game gave general get getting girl give given
    go god goes going gone good got great green ground group grow had half hand happen happy hard
    has hate have having he head health hear heard heart heavy held hello help her here hey hi high
    him himself his history hit hold home hope hot hour hours house how however huge human hundred
    i id idea if ill im important in include increase inside instead interest into is isnt issue it
    item its itself ive job join just keep kept key kid kind knew know known land large last late
    later law lead learn least leave left legal less let letter level life light like line list
    little live local long look lose loss lost lot love low made mail main make man many mark market
    matter may maybe me mean means meet member men message might mile million mind mine minute miss
    mobile money month more morning most mother move mr mrs much must my name near need never new
    news next nice night nine no none nor normal not note nothing notice now number of off offer
    office often oh ok okay old on once one online only open option or order other others our out
    over own page paid paper part party pass past pay pen people per perhaps person phone pick
    picture piece place plan play please point poor possible power present press price problem
    product program provide public pull purpose put question quick quite rate rather reach read
    ready real really reason receive red refer report rest return rich right rise risk road room
    rule run safe said sale same save saw say says school second see seem seen self sell send sent
    set seven several shall share she shop short should show side sign similar simple since single
    sir sit site six size sleep slow small so sold some someone something sometimes soon sorry sort
    sound speak spend stand start state stay step still stop store story strong study stuff such
    suggest support sure system table take talk tax team tell ten test text than thank thanks that
    thats the their them then there these they thing things think third this those though thought
    thousand three through time times tip to today together told tomorrow tonight too took top total
    touch toward town trade train tried trip true trust try turn twice two type under understand
    until up upon us use used useful user using usual value various very visit wait walk want wanted
    war warm was wash watch water way we web week weeks weight well went were what whats when where
    which while white who whole whom whose why wide wife will win wish with within without woman
    wont word work works world worth would write wrong year years yes yesterday yet you young your
    yours
    """.split()  # noqa: SIM905 - a word a line would be no easier to read
)
"""English words that are never taken for a misspelling of another."""
