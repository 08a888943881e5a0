"""What may be somebody's, and what only looks like it."""

from __future__ import annotations

import pytest

from policy_preview.rules import personal

EMAILS = [
    "kim@acme.com",
    "KIM.Lee+shop@mail.acme.co.uk",
    "連絡はkim@acme.jpまで",
    "write to <kim@acme.de>.",
    "kim＠acme.jp",  # noqa: RUF001  # signs of full width are what is tested
]
NO_EMAILS = [
    "kim@example.com",
    "kim@shop.example.org",
    "kim@shop.test",
    "kim@shop.invalid and kim@acme.example",
    "連絡はkim@example.comまで",
    "@app.route('/x')",
    "scores = q@k.transpose(0, 1)",
    "lodash@4.17.21",
    "@kim said so",
    "[withheld: address]",
]
PHONES = [
    "+49 30 1234567",
    "+1 (202) 555-0143",
    "+44 20 7946 0018",
    "+33 612 345 678",
    "+4915112345678",
    "call (030) 123 45 67 today",
    "030 12345678",
    "0171/1234567",
    "01 23 45 67 89",
    "020 7946 0018.",
    "202-555-0143",
    "202.555.0143",
    "1-800-555-0143",
    "電話は090-1234-5678です",
    "０９０－１２３４－５６７８",  # noqa: RUF001  # signs of full width are what is tested
    "phone: 12345678",
    "Tel. 12 34 56 78",
]
NO_PHONES = [
    "a 900B model",
    "41,200 requests, 12,000,000,000 tokens",
    "12 000 000 tokens, +12 000 000 more",
    "3e26 FLOP, 6 x 7e11 x 2.4e13 = 1.0e26",
    "2026-11-21, 2026-11-21 10:03:04 and 21.11.2026",
    "21/11/2026 to 05/12/2026",
    "05.11.26 06.11.26",
    "from 2024-2026, pages 1200-1350, ports 8000-8100",
    "open 08.00-16.30",
    "05.11.-06.11.",
    "version 2.14.0.3, 1.20.300.4000",
    "192.168.100.200",
    "layers of 512 256 1024",
    "rows 12 34 56 78",
    "shards 01 02 03 04 and shard 0012-0013",
    "job 20261121103000",
    "uuid 550e8400-e29b-41d4-a716-446655440000",
    "a rate of 0.00012345 and +0.00012345",
    "2026-11-21T05:56:30Z",
    "500 x 800 x 1200 mm",
    "[withheld: phone number]",
]
ADDRESSES = [
    "10.0.0.7",
    "8.8.8.8:53",
    "http://192.168.1.20/login",
    "from 172.16.4.0/24",
    "サーバは10.0.0.7です",
    "2a00:1450:4001:81b::200e",
    "fe80::1ff:fe23:4567:890a",
    "http://[2a00:1450:4001:81b::200e]/",
]
NO_ADDRESSES = [
    "192.0.2.14, 198.51.100.7 and 203.0.113.254",
    "127.0.0.1, ::1 and 0.0.0.0",
    "2001:db8::1 and 2001:db8:85a3::8a2e:370:7334",
    "mask 255.255.255.0",
    "version 2.14.0.3, v1.2.3.4, firmware 4.3.2.1, release: 5.6.7.8",
    "1.2.3.4.5",
    "300.1.2.3",
    "1.2.3",
    "at 12:30:45, aspect 16:9",
    "x[1::2], x[::2] and x[::-1]",
    "std::vector, abc::def, dead::beef",
    "00:1A:2B:3C:4D:5E",
]
HOSTS = [
    "https://acme.com/login",
    "http://grafana.acme.internal:3000/d",
    "ssh://git@acme.io/repo",
    "see acme.com (our shop)",
    "mail.acme.co.uk is down",
    "www.acme.shop",
    "サイトはacme.jpです",
    "docs.acme.io",
    "xn--bcher-kva.de",
    "de.wikipedia.org",
    "acme.com.",
    "https://acme.comです",
]
NO_HOSTS = [
    "https://example.com/x, www.example.org, shop.example.net",
    "db.shop.test, shop.invalid, acme.example, http://localhost:8080/x",
    "https://example.comです",
    "https://192.0.2.1/x and http://[2001:db8::1]/",
    "https://[withheld: host]/login",
    "http://printer/ and s3://bucket/x, file:///etc/hosts",
    "letter.txt, parser_07.c, tasks.md, job.md, teachers.yaml, main.rs, run.sh, train.py, model.pt, data.zip, a.tar.gz",
    "claude-opus-4.8, gpt-5.5, llama-3.1-70b, v2.10, 1.2.3",
    "self.net(x), self.net, model.net.eval(), x.to(device), df.at[0], log.info, torch.nn.functional, agent.net = None",
    "e.g. this, i.e. that, z.B. so, 3.5 p.m.",
    "ASP.NET and asp.net, Node.js",
    "ok.it was late.my cat",
    "com.example.shop.net",
    "kim@acme.com",
    "src/acme/config.de",
    "@acme/tool.net",
]


@pytest.mark.parametrize(
    ("search", "texts"),
    [
        (personal.emails, EMAILS),
        (personal.phones, PHONES),
        (personal.addresses, ADDRESSES),
        (personal.hosts, HOSTS),
    ],
)
def test_found_once(search: object, texts: list[str]) -> None:
    assert callable(search)
    assert {text: len(list(search(text))) for text in texts} == dict.fromkeys(texts, 1)
    assert all(text.startswith(hit, start) for text in texts for start, hit in search(text))


@pytest.mark.parametrize(
    ("search", "texts"),
    [
        (personal.emails, NO_EMAILS),
        (personal.phones, NO_PHONES),
        (personal.addresses, NO_ADDRESSES),
        (personal.hosts, NO_HOSTS),
    ],
)
def test_left_alone(search: object, texts: list[str]) -> None:
    assert callable(search)
    assert {text: list(search(text)) for text in texts} == {text: [] for text in texts}


@pytest.mark.parametrize("search", [personal.emails, personal.phones, personal.addresses, personal.hosts])
@pytest.mark.parametrize("piece", ["a", "0", "a.", "0-", "+1 ", "a@", "a:", "1.", "a-", "0 ", "(00)", "://", "a://b."])
def test_long_texts_do_not_take_long(search: object, piece: str) -> None:
    assert callable(search)
    list(search(piece * 50_000))
