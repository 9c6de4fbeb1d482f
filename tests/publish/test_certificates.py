"""The certificate of a draw tells what stands on record, and nobody who was drawn."""

import json

import pytest
from draws.a_city import DUE, a_city

from doublerandom.draws import queries as draws_queries
from doublerandom.draws import services
from doublerandom.publish import certificates
from doublerandom.web.words import hash_groups


@pytest.fixture
def city(session, settings):
    return a_city(session, settings)


def test_a_drawn_draw_has_a_certificate_with_hashes_randomness_and_signatures(app, client, city):
    draw = city.committed()
    services.name_witness(city.session, draw, name="孙见证", office="消费者协会", by="li", at=DUE)
    draw = city.run(city.observe(draw))
    drawn = draws_queries.drawn_codes(city.session, draw)

    with app.test_request_context("/?lang=zh"):
        told = certificates.values_of(city.session, draw)

    hashes = dict(told["hashes"])
    assert hashes["计划摘要"] == hash_groups(draw.plan_hash)
    assert hashes["结果根"] == hash_groups(draw.result_root)
    assert told["beacon"][1] == draw.beacon
    assert [row[0] for row in told["people"]] == ["经办签名", "监督签名", "见证人"]
    assert told["people"][2][1:3] == ["孙见证", "消费者协会"]
    assert told["address"].endswith(f"/draws/{draw.number}")
    everything = json.dumps(told, ensure_ascii=False)
    assert drawn
    assert not [code for code in drawn if code in everything]


def test_anybody_gets_it_with_equal_bytes_and_nobody_before_the_commitment(client, city):
    prepared, number = city.prepare().number, city.drawn().number
    city.session.commit()

    answer = client.get(f"/draws/{number}/certificate.pdf")

    assert answer.mimetype == "application/pdf"
    assert answer.data.startswith(b"%PDF")
    assert answer.data == client.get(f"/draws/{number}/certificate.pdf").data
    assert client.get(f"/draws/{prepared}/certificate.pdf").status_code == 404
