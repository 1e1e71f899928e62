// The script of a Zabbix media type for iwakan (zabbix.yaml has its parameters). Times become milliseconds here,
// since only the Zabbix server knows its time zone.
function milliseconds(date, time) {
    var d = /^(\d{4})\.(\d\d)\.(\d\d)$/.exec(date), t = /^(\d\d):(\d\d):(\d\d)$/.exec(time);
    return d && t ? new Date(+d[1], d[2] - 1, +d[3], +t[1], +t[2], +t[3]).getTime() : null;
}

var p = JSON.parse(value), request = new HttpRequest();
request.addHeader('Content-Type: application/json');
request.addHeader('Authorization: Bearer ' + p.token);
var answer = request.post(p.url, JSON.stringify({
    state: p.update === '1' ? 'update' : p.value === '0' ? 'recovery' : 'problem',
    trigger: p.trigger, name: p.name, host: p.host, severity: p.severity, data: p.data, tags: p.tags, link: p.link,
    event: p.event, started_ms: milliseconds(p.date, p.time), ended_ms: milliseconds(p.recovery_date, p.recovery_time)
}));
if (request.getStatus() !== 200) {
    throw 'iwakan answered ' + request.getStatus() + ': ' + answer;
}
return 'OK';
