"""The page in a real browser: what viewers see, and what they never see."""

import json

import pytest

from tests.browser.browser import FOLDER
from tests.poison.abuse import ABUSE
from tests.poison.poison import ACCEPTED
from tests.poison.texts import TEXTS
from tests.view.messages import (
    cue,
    ended,
    figures,
    final,
    revised,
    spotted,
    topic,
    updated,
    withdrawn,
)
from tests.view.served import served

PAGE = FOLDER.parents[1] / "workers" / "view" / "page"
TALK = (
    topic("started", 1),
    topic("confirmed", 1, revision=1, label="evening", keyphrases=("evening",)),
    final(0, "Good evening, and welcome."),
    final(1, "Thank you, Anna."),
    final(2, "It was a rough crossing."),
    revised(1, "Thank you, Hannah."),
    topic("started", 2, first=2, label="ferries", keyphrases=("crossing", "boat")),
    updated(3, "So I'm glad to", stable=9),
    figures(0, words_per_minute=180.0),
    figures(1, words_per_minute=190.0),
)
LIVE = "document.querySelector('#connection').dataset.state === 'live'"
CAPTIONS = (
    "[...document.querySelectorAll('.caption')].map("
    "one => one.querySelector('.said').textContent)"
)


def test_the_page_has_at_most_100_kb_and_nothing_of_others():
    files = [path for path in PAGE.rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) <= 100_000
    for path in files:
        for address in ("https://", "http://", "//cdn", "@import"):
            text = path.read_text().replace("http://www.w3.org/2000/svg", "")
            assert address not in text, path


async def test_a_stream_that_is_not_there_is_told_and_shown_once_it_begins(chromium):
    async with served() as view:
        page = await chromium.open(f"{view.address}/#island")
        await page.shows("No stream of this name is known")
        assert await page.text("#connection") == "No such stream yet"
        view.say(final(0, "Good evening."))
        await page.shows("Good evening.")
        await page.until(LIVE)
        assert await page.text("#connection") == "Live"


async def test_captions_appear_grow_in_place_and_become_solid(chromium):
    async with served() as view:
        view.say(final(0, "Good evening."))
        page = await chromium.open(view.address)
        await page.until(LIVE)
        view.say(updated(1, "Thank", stable=0))
        await page.shows("Thank")
        await page.evaluate(
            "window.kept = document.querySelector('#open .caption');"
            "window.changes = {text: 0, nodes: 0};"
            "new MutationObserver(list => list.forEach(one => {"
            "  if (one.type === 'characterData') changes.text++;"
            "  else if (one.type === 'childList')"
            "    changes.nodes += one.addedNodes.length + one.removedNodes.length;"
            "})).observe(document.querySelector('#captions'),"
            "  {subtree: true, childList: true, characterData: true})"
        )
        said = "Thank you , Anna , it was"
        words = said.split()
        for count in range(2, len(words) + 1):
            text = " ".join(words[:count])
            view.say(updated(1, text, revision=count, stable=len(words[0])))
            await page.shows(text)
        changes = await page.evaluate("changes")
        # Each guess changes text; the only nodes are the two in which a text began.
        assert changes["text"] >= 2 * (len(words) - 2)
        assert changes["nodes"] <= 2
        assert await page.text("#open .stable") == "Thank"
        assert await page.evaluate(
            "getComputedStyle(document.querySelector('#open .stable')).color !== "
            "getComputedStyle(document.querySelector('#open .unstable')).color"
        )
        view.say(final(1, f"{said}.", revision=99))
        await page.until("document.querySelectorAll('#log .caption').length === 2")
        assert await page.evaluate("kept === document.querySelector('#log').lastChild")
        assert await page.text("#log .caption:last-child .said") == f"{said}."
        assert await page.evaluate("!document.querySelector('#open .caption')")
        assert await page.said() == []
        await page.close()


async def test_only_final_captions_are_read_out_and_no_history_is(chromium):
    async with served() as view:
        view.say(*TALK)
        before = (
            "window.busy = []; document.addEventListener('DOMContentLoaded', () =>"
            " new MutationObserver(() => busy.push("
            "  document.querySelector('#log').getAttribute('aria-busy'))"
            " ).observe(document.querySelector('#log'), {childList: true}))"
        )
        page = await chromium.open(view.address, before=before)
        await page.shows("rough crossing")
        await page.until("!document.querySelector('#log').hasAttribute('aria-busy')")
        assert set(await page.evaluate("busy")) == {"true"}
        assert (
            await page.evaluate("document.querySelector('#topic-status').innerText")
            == ""
        )
        for place, wanted in (("#log", "log"), ("#topic-status", "status")):
            assert (
                await page.evaluate(
                    f"document.querySelector('{place}').getAttribute('role')"
                )
                == wanted
            )
        assert await page.evaluate(
            "document.querySelector('#open').getAttribute('aria-live') === 'off' &&"
            "!document.querySelector('#log').contains(document.querySelector('#open'))"
        )
        view.say(topic("confirmed", 2, first=2, revision=1, label="ferries"))
        await page.shows("New topic: ferries", "#topic-status")
        await page.close()


async def test_topics_look_provisional_until_they_are_sure_and_go_if_withdrawn(
    chromium,
):
    async with served() as view:
        view.say(*TALK)
        page = await chromium.open(view.address)
        await page.shows("ferries", "#timeline")
        provisional = "document.querySelectorAll('.provisional').length"
        assert await page.evaluate(provisional) == 3  # bar, heading, row
        view.say(topic("confirmed", 2, first=2, revision=1, label="ferries"))
        await page.until(f"{provisional} === 0")
        view.say(topic("started", 3, first=3, label="sea"), final(3, "So I'm glad."))
        await page.until(f"{provisional} === 3")
        view.say(topic("withdrawn", 3, first=3, revision=1))
        await page.until(f"{provisional} === 0")
        assert "sea" not in await page.text("body")
        await page.close()


async def test_a_topic_leads_to_where_it_begins(chromium):
    async with served() as view:
        view.say(topic("started", 1), topic("confirmed", 1, revision=1, label="first"))
        view.say(*(final(number, f"caption {number}") for number in range(120)))
        view.say(topic("started", 2, first=60, label="second"))
        page = await chromium.open(view.address)
        await page.shows("caption 119")
        top = "document.querySelector('#scroll').scrollTop"
        end = await page.evaluate(top)
        await page.click("#timeline li:nth-child(2) button")
        await page.until("document.querySelector('#to-live').hidden === false")
        assert 0 < await page.evaluate(top) < end
        in_view = (
            "(selector => { const one = document.querySelector(selector)"
            ".getBoundingClientRect(); const all = document.querySelector('#scroll')"
            ".getBoundingClientRect(); return one.top >= all.top && "
            "one.bottom <= all.bottom })"
        )
        assert await page.evaluate(f"{in_view}('.topic-head.provisional')")
        # Whoever reads back is not pulled away by what is said now.
        at = await page.evaluate(top)
        view.say(final(120, "caption 120"))
        await page.shows("1 new", "#to-live")
        assert await page.evaluate(top) == at
        await page.click("#to-live")
        await page.until(f"{in_view}('#log .caption:last-child')")
        await page.close()


async def test_a_lost_connection_is_made_anew_without_loss_or_doubling(chromium):
    async with served() as view:
        view.say(final(0, "caption 0"))
        page = await chromium.open(view.address)
        await page.until(LIVE)
        await page.evaluate(
            "window.removed = 0; new MutationObserver(list => list.forEach("
            "one => removed += one.removedNodes.length))"
            ".observe(document.querySelector('#log'), {childList: true})"
        )
        for number in range(1, 13):
            view.say(
                updated(number, f"caption {number}"), final(number, f"caption {number}")
            )
            if number % 4 == 0:
                view.drop()
            if number % 6 == 0:
                await view.restart()
        await page.shows("caption 12")
        assert await page.evaluate(CAPTIONS) == [f"caption {n}" for n in range(13)]
        # It went on where it was: nothing was taken away to be shown again.
        assert await page.evaluate("removed") == 0
        await page.close()


async def test_a_page_that_was_away_for_too_long_shows_what_stands(chromium):
    async with served() as view:
        view.say(final(0, "caption 0"), updated(1, "to be withdrawn"))
        page = await chromium.open(view.address)
        await page.shows("to be withdrawn")
        await view.pause()
        view.say(withdrawn(1))
        view.say(*(updated(2, "x" * 900, revision=n) for n in range(1200)))
        view.say(final(2, "caption 2", revision=1201))
        await view.restart()
        await page.shows("caption 2")
        assert await page.evaluate(CAPTIONS) == ["caption 0", "caption 2"]
        await page.close()


async def test_a_new_life_begins_an_empty_page(chromium):
    async with served() as view:
        view.say(*TALK, ended())
        page = await chromium.open(view.address)
        await page.shows("has ended")
        view.say(final(0, "A new day.", life="0-99"))
        await page.shows("A new day.")
        assert await page.evaluate(CAPTIONS) == ["A new day."]
        assert await page.text("#timeline-list") == ""
        await page.close()


async def test_a_correction_is_marked_and_tells_what_was_said_before(chromium):
    async with served() as view:
        view.say(*TALK)
        page = await chromium.open(view.address)
        await page.shows("Hannah")
        assert await page.text("#log mark") == "Hannah."
        assert await page.evaluate("document.querySelector('.was').hidden")
        await page.click(".marks button")
        assert "Thank you, Anna." in await page.text(".was")
        await page.close()


async def test_a_watched_phrase_is_told_at_its_caption_until_it_is_gone(chromium):
    async with served() as view:
        view.say(*TALK, spotted(2, "sea", "crossing"))
        page = await chromium.open(view.address)
        await page.shows("watched: sea")
        view.say(spotted(2, "sea", "crossing", revision=1, withdrawn=True))
        await page.until(
            "!document.querySelector('#log').innerText.includes('watched')"
        )
        await page.close()


async def test_search_finds_and_changes_nothing(chromium):
    async with served() as view:
        view.say(*(final(number, f"the {number} Island") for number in range(60)))
        page = await chromium.open(view.address)
        await page.shows("the 59 Island")
        await page.evaluate(
            "window.nodes = 0; new MutationObserver(list => nodes += list.length)"
            ".observe(document.querySelector('#log'), {subtree: true, childList: true})"
        )
        await page.press("/")
        await page.ask("fill", selector="#search", text="island")
        await page.shows("60 of 60", "#found")
        assert await page.evaluate("CSS.highlights.get('found').size") == 60
        await page.press("Enter")
        await page.shows("1 of 60", "#found")
        assert await page.evaluate("document.querySelector('#scroll').scrollTop") < 40
        await page.ask("fill", selector="#search", text="(.*")
        await page.shows("not found", "#found")
        await page.press("Escape")
        assert await page.evaluate("nodes") == 0
        await page.close()


async def test_settings_of_captions_stay_and_nonsense_in_their_place_does_no_harm(
    chromium,
):
    async with served() as view:
        view.say(*TALK)
        page = await chromium.open(f"{view.address}/?display=1")
        await page.press("s")
        await page.evaluate(
            "for (const [id, value] of [['size', 150], ['color', '#ffff00'],"
            " ['background', '#0000ff'], ['opacity', 40]]) {"
            "  const one = document.getElementById(`set-${id}`);"
            "  one.value = value; one.dispatchEvent(new Event('input')) }"
        )
        looks = (
            "(() => { const lines = document.querySelector('#lines');"
            " const box = document.querySelector('#lines p > span');"
            " return box && [getComputedStyle(lines).color,"
            " getComputedStyle(box).backgroundColor,"
            " parseFloat(getComputedStyle(lines).fontSize)] })()"
        )
        await page.until(looks)
        color, background, size = await page.evaluate(looks)
        assert (color, background) == ("rgb(255, 255, 0)", "rgba(0, 0, 255, 0.4)")
        await page.ask("reload")
        await page.until(looks)
        assert await page.evaluate(looks) == [color, background, size]
        await page.evaluate(
            "localStorage.setItem('caption-view', JSON.stringify({size: 1e9,"
            " color: 'url(//evil)', background: 3, opacity: null, theme: 'x'}))"
        )
        await page.ask("reload")
        await page.until(looks)
        color, background, after = await page.evaluate(looks)
        assert (color, background) == ("rgb(255, 255, 255)", "rgba(0, 0, 0, 0.85)")
        assert after < size
        assert await page.said() == []
        await page.close()


async def leave(page, dialog):
    """Close a dialog; keys that come before the focus is back are the dialog's."""
    await page.press("Escape")
    await page.until(
        "(one => !one.open && !one.contains(document.activeElement))"
        f"(document.getElementById('{dialog}'))"
    )


async def test_everything_can_be_reached_and_done_by_keyboard(chromium):
    async with served() as view:
        view.say(*TALK, cue(0, "Good evening."))
        page = await chromium.open(view.address)
        await page.shows("rough crossing")
        await page.until("document.querySelector('#stream-list a')")
        reached = []
        for _ in range(40):
            await page.press("Tab")
            name = await page.evaluate(
                "(one => one === document.body ? null : one.id || one.innerText ||"
                " one.getAttribute('aria-label'))(document.activeElement)"
            )
            if name is None or name in reached:
                break
            reached.append(name)
            ring = await page.evaluate(
                "getComputedStyle(document.activeElement).outlineStyle"
            )
            assert ring != "none", name
        assert reached[0] == "skip"
        can = await page.evaluate(
            "[...document.querySelectorAll('button, a, input, summary')]"
            ".filter(one => one.checkVisibility({visibilityProperty: true}))"
            ".map(one => one.id || one.innerText || one.getAttribute('aria-label'))"
        )
        assert set(can) <= set(reached)
        for key, dialog in (("s", "settings"), ("?", "help")):
            await page.press(key)
            await page.until(f"document.getElementById('{dialog}').open")
            await leave(page, dialog)
        await page.press("t", "t")
        assert await page.evaluate("document.documentElement.dataset.theme") == "dark"
        await page.press("j")
        await page.until("document.querySelector('.shown')")
        await page.press("d")
        await page.until("document.documentElement.hasAttribute('data-display')")
        await page.press("Escape")
        await page.until("!document.documentElement.hasAttribute('data-display')")
        await page.close()


@pytest.mark.parametrize(
    ("width", "scheme"),
    [(320, "dark"), (768, "light"), (1440, "light"), (1440, "dark")],
)
async def test_axe_finds_nothing_and_nothing_is_cut_off(chromium, width, scheme):
    async with served() as view:
        view.say(*TALK, final(4, "Late.", late=True), final(5, "Er.", uncertain=True))
        view.say(
            final(0, "Another.", stream="a-stream-with-quite-a-long-name-of-its-own")
        )
        page = await chromium.open(
            f"{view.address}/#island", width=width, height=800, scheme=scheme
        )
        await page.shows("Late.")
        await page.until("document.querySelector('#stream-list a')")
        assert await page.ask("axe") == []
        wide = "document.documentElement.scrollWidth <= innerWidth"
        assert await page.evaluate(wide)
        cut = await page.evaluate(
            "[...document.querySelectorAll('button, a, input, summary, h1')]"
            ".filter(one => one.checkVisibility({visibilityProperty: true}) &&"
            " !one.closest('#scroll') && one.id !== 'skip')"
            ".filter(one => { const box = one.getBoundingClientRect();"
            " return box.left < 0 || box.right > innerWidth + 0.5 })"
            ".map(one => one.id || one.innerText)"
        )
        assert cut == []
        for key, dialog in (("s", "settings"), ("?", "help")):
            await page.press(key)
            await page.until(f"document.getElementById('{dialog}').open")
            assert await page.ask("axe") == []
            await leave(page, dialog)
        if width < 800:
            for part in ("topics", "quality"):
                await page.click(f"[data-part={part}]")
                assert await page.ask("axe") == []
        await page.ask("goto", url=f"{view.address}/?display=1#island")
        await page.shows("Late.")
        assert await page.ask("axe") == []
        assert await page.evaluate(wide)
        assert await page.said() == []
        await page.close()


async def test_a_wall_shows_the_newest_two_lines_whole(chromium):
    async with served() as view:
        view.say(final(0, "First of all, a rather long sentence that takes its time."))
        page = await chromium.open(
            f"{view.address}/?display=1", width=1920, height=1080
        )
        words = "and it goes on and on until the screen is full of words " * 3
        view.say(updated(1, words.strip(), stable=20))
        await page.shows("until the screen")
        box = await page.evaluate(
            "(() => { const lines = document.querySelector('#lines');"
            " const range = document.createRange();"
            " const text = lines.lastElementChild.querySelector('.unstable').lastChild;"
            " range.setStart(text, text.length - 5);"
            " range.setEnd(text, text.length);"
            " const last = range.getBoundingClientRect(), all ="
            " lines.getBoundingClientRect(); return [last.top >= all.top,"
            " last.bottom <= all.bottom + 2, all.bottom <= innerHeight,"
            " parseFloat(getComputedStyle(lines).fontSize)] })()"
        )
        assert box[:3] == [True, True, True]
        assert box[3] > 48
        assert await page.evaluate(
            "['.bar', '.streams', '.side'].every("
            "one => !document.querySelector(one).checkVisibility())"
        )
        await page.close()


HOSTILE = (
    "<script>window.ran = 1</script>",
    '"><img src=x onerror="window.ran = 1">',
    "<svg onload=window.ran=1>",
    "<style>*{display:none}</style><!--",
    "{{constructor.constructor('window.ran=1')()}} ${window.ran=1}",
    *(
        json.loads(row.value)["text"]
        for one in (*TEXTS, *ABUSE)
        if one.becomes == ACCEPTED
        for row in one.rows[:10]
    ),
)
"""What would show in ``window.ran``, and all texts of the poison corpus."""


async def test_hostile_text_runs_no_script_and_makes_no_node(chromium):
    async with served() as view:
        view.say(final(0, "fine"), topic("started", 1, label="fine"))
        page = await chromium.open(
            f"{view.address}/#island",
            before="document.addEventListener('securitypolicyviolation',"
            " one => { window.ran = one.violatedDirective })",
        )
        await page.shows("fine")
        kinds = (
            "Object.fromEntries([...document.querySelectorAll('body *')]"
            ".map(one => [one.tagName, 1]))"
        )
        before = await page.evaluate(kinds)
        for number, text in enumerate(HOSTILE, start=1):
            view.say(
                updated(number, text, stable=3, speaker=text[:60] or None),
                final(number, text, speaker=text[:60] or None),
                topic(
                    "started",
                    number + 1,
                    first=number,
                    label=text[:200],
                    keyphrases=(text[:200],),
                ),
                final(0, text, stream=f"{text[:60]} {number}"),
            )
        await page.until(
            f"document.querySelectorAll('#log .caption').length === {len(HOSTILE) + 1}"
        )
        await page.until(
            f"document.querySelectorAll('#stream-list a').length === {len(HOSTILE) + 1}"
        )
        shown = await page.evaluate(CAPTIONS)
        assert shown == ["fine", *HOSTILE]
        assert await page.evaluate("window.ran") is None
        after = await page.evaluate(kinds)
        assert set(after) - set(before) <= {"SPAN", "SMALL", "P", "H2", "LI"}
        assert await page.evaluate(
            "!document.querySelector('#log script, #log img, #log svg, #log a')"
        )
        # Any of these streams can be looked at, whatever its name is.
        for link in range(1, 20):
            await page.click(f"#stream-list li:nth-child({link}) a")
            await page.until(LIVE)
        assert await page.evaluate("window.ran") is None
        assert await page.said() == []
        await page.close()


async def test_a_token_is_asked_for_once_and_then_everything_is_open(chromium):
    token = "correct horse battery staple"
    async with served(token=token) as view:
        view.say(*TALK)
        page = await chromium.open(view.address)
        await page.until("document.querySelector('#login').open")
        assert "evening" not in await page.text("body")
        await page.ask("fill", selector="#token", text="wrong")
        await page.press("Enter")
        await page.shows("not the token", "#login")
        await page.ask("fill", selector="#token", text=token)
        await page.press("Enter")
        await page.shows("rough crossing")
        await page.ask("reload")
        await page.shows("rough crossing")
        assert not await page.evaluate("document.querySelector('#login').open")
        stored = json.loads(
            await page.evaluate("JSON.stringify([{...localStorage}, document.cookie])")
        )
        assert token not in str(stored)
        await page.close()
