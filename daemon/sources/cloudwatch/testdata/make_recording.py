#!/usr/bin/python3
"""Makes config/demo: a certificate as SNS would have one, and a recording of CloudWatch alarms signed with its key. The key is
thrown away. Needs openssl; run it again when the alarms change.

    make_recording.py FOLDER
"""

import base64
import json
import pathlib
import subprocess
import sys
import tempfile

TOPIC = "arn:aws:sns:ap-northeast-1:111122223333:iwakan-demo"
URL = "https://sns.ap-northeast-1.amazonaws.com/SimpleNotificationService-demo.pem"


def alarm(name, state, at, reason, **more):
    old = "ALARM" if state == "OK" else "OK"
    return {"AlarmName": name, "AlarmDescription": None, "AWSAccountId": "111122223333", "NewStateValue": state,
            "NewStateReason": reason, "StateChangeTime": at, "Region": "Asia Pacific (Tokyo)",
            "AlarmArn": f"arn:aws:cloudwatch:ap-northeast-1:111122223333:alarm:{name}", "OldStateValue": old, **more}


TRIGGER = {"MetricName": "HTTPCode_Target_5XX_Count", "Namespace": "AWS/ApplicationELB", "StatisticType": "Statistic",
           "Statistic": "SUM", "Unit": None, "Dimensions": [{"value": "app/web/0a1b", "name": "LoadBalancer"}], "Period": 60,
           "EvaluationPeriods": 1, "DatapointsToAlarm": 1, "ComparisonOperator": "GreaterThanThreshold", "Threshold": 5,
           "TreatMissingData": "- TreatMissingData:                    notBreaching", "EvaluateLowSampleCountPercentile": ""}
CROSSED = ("Threshold Crossed: 1 out of the last 1 datapoints [7.0 (23/11/26 18:15:00)] was greater than the threshold (5.0) "
           "(minimum 1 datapoint for OK -> ALARM transition).")
BACK = "Threshold Crossed: 1 out of the last 1 datapoints [0.0 (23/11/26 18:17:00)] was not greater than the threshold (5.0)."
MESSAGES = [
    ("2026-11-23T18:16:17.400Z", alarm("API 5xx (本番)", "ALARM", "2026-11-23T18:16:16.250+0000", CROSSED, Trigger=TRIGGER)),
    ("2026-11-23T18:16:40.100Z", alarm("checkout 全体", "ALARM", "2026-11-23T18:16:39.900+0000",
                                       "2 out of 3 children are in ALARM",
                                       AlarmRule="ALARM(\"API 5xx (本番)\") AND ALARM(\"Queue depth\")",
                                       TriggeringChildren=[{"Arn": "arn:aws:cloudwatch:ap-northeast-1:111122223333:alarm:API 5xx (本番)",
                                                            "State": {"Value": "ALARM", "Timestamp": "2026-11-23T18:16:16.250+0000"}}])),
    ("2026-11-23T18:17:20.700Z", alarm("API 5xx (本番)", "OK", "2026-11-23T18:17:19.500+0000", BACK, Trigger=TRIGGER)),
]


def openssl(*arguments, data=None):
    return subprocess.run(["openssl", *arguments], input=data, check=True, capture_output=True).stdout


def envelope(key, number, at, message):
    body = {"Type": "Notification", "MessageId": f"00000000-0000-0000-0000-{number:012d}", "TopicArn": TOPIC,
            "Subject": f'{message["NewStateValue"]}: "{message["AlarmName"]}" in Asia Pacific (Tokyo)',
            "Message": json.dumps(message, ensure_ascii=False), "Timestamp": at}
    text = "".join(f"{name}\n{body[name]}\n" for name in ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"))
    signature = openssl("dgst", "-sha256", "-sign", key, data=text.encode())
    return {**body, "SignatureVersion": "2", "Signature": base64.b64encode(signature).decode(), "SigningCertURL": URL,
            "UnsubscribeURL": "https://sns.ap-northeast-1.amazonaws.com/?Action=Unsubscribe"}


def main(folder):
    with tempfile.TemporaryDirectory() as temporary:
        key = str(pathlib.Path(temporary) / "key.pem")
        openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", str(folder / "sns-demo.pem"),
                "-days", "7300", "-subj", "/CN=sns.amazonaws.com", "-addext", "subjectAltName=DNS:sns.amazonaws.com")
        with open(folder / "cloudwatch.jsonl", "w", encoding="utf-8") as recording:
            for number, (at, message) in enumerate(MESSAGES, 1):
                body = json.dumps(envelope(key, number, at, message), ensure_ascii=False)
                line = {"at": at, "method": "POST", "path": "/v1/cloudwatch",
                        "headers": {"content-type": "text/plain; charset=UTF-8", "x-amz-sns-message-type": "Notification"},
                        "body": body}
                recording.write(json.dumps(line, ensure_ascii=False) + "\n")


main(pathlib.Path(sys.argv[1]))
