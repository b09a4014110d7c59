import { type ErrorEntry, entry } from './error-entry.ts';

/** Of gateways, their cameras and their readers. */
export const edgeErrors = {
  'edge.device_off': entry(
    503,
    'The device is switched off: its entry in the site file has a mistake.',
    'Run `watchpost check` on the server folder, mend what it says and start again.',
  ),
  'edge.device_part': entry(
    422,
    'The gateway cannot use what the server tells it of the device, so the device is off.',
    'Update the gateway if it is older than the server; otherwise correct the device in the site file.',
  ),
  'edge.gallery_missing': entry(
    503,
    'The camera is to look for faces, and the gateway has no gallery; everything else goes on.',
    'Approve an entry of the lists for the site, or set `faces: false` at the camera.',
  ),
  'edge.gallery_unreachable': entry(
    503,
    'The gateway cannot fetch the gallery that its permit names, or say what it erased; faces of the one before are matched while its permit lasts.',
    'Check that the gateway reaches the gateway door (8884), and the health of the server. It tries again by itself.',
  ),
  'edge.part_unreachable': entry(
    503,
    'The gateway cannot fetch the site part that the server announced; the one before stays in force.',
    'Check that the gateway reaches the gateway door (8884). It tries again by itself.',
  ),
  'edge.part_invalid': entry(
    422,
    'What the server sent is not what it announced, not signed by it, or older than what is in force.',
    'After a restored backup apply the site again. Otherwise see who else announces to this gateway.',
  ),
  'edge.frame_unreadable': entry(
    422,
    'A frame could not be decoded.',
    'Check the camera and its stream settings.',
  ),
  'edge.scan_unreadable': entry(
    422,
    'A code reader sent something that is no scan: too long, not in its encoding, unfinished or too fast.',
    'Check framing, encoding and speed of the reader against the configuration.',
  ),
  'edge.reading_unreadable': entry(
    422,
    'A sensor said something that is no value of its kind.',
    'Compare a message of the device with its mapping (pointer, values, scale), and the value with the range of its profile.',
  ),
  'edge.device_broker': entry(
    503,
    'The broker of the device network cannot be reached.',
    'Check address, port, network and the broker itself. The gateway tries again by itself.',
  ),
  'edge.device_broker_refused': entry(
    401,
    'The broker of the device network refuses the gateway.',
    'Correct user and password. The gateway tries again by itself.',
  ),
  'edge.device_topic_refused': entry(
    403,
    'The broker of the device network does not let the gateway hear this device.',
    'Give the gateway’s user the right to subscribe to the topics of the device.',
  ),
  'edge.hook_unknown': entry(
    404,
    'Something called the gateway in the name of no device with the driver webhook.',
    'Correct the address that the device calls: POST /hook/ and the device’s id. If nobody of yours calls, look who does.',
  ),
  'edge.hook_signature': entry(
    401,
    'The signature of a device’s message is missing or wrong.',
    'Sign `<time>.<body>` by HMAC-SHA256 with the key of this device; send `watchpost-time` and `watchpost-signature`.',
  ),
  'edge.hook_time': entry(
    403,
    'A device’s message is dated more than five minutes from the gateway’s corrected time.',
    'Set the clock of the device; let it send messages at once, and date each anew when it sends it again.',
  ),
  'edge.hook_repeated': entry(
    409,
    'A device’s message was taken before.',
    'Nothing need be done when the device only sent it again. Otherwise somebody repeats what was overheard: protect the device network.',
  ),
  'edge.hook_too_large': entry(
    413,
    'A device’s message has more than 64 KiB.',
    'Let the device send its state alone.',
  ),
  'edge.hook_flood': entry(
    429,
    'A device sends more messages than the gateway can remember: a thousand within ten minutes.',
    'Let the device call when its state changes, and a few times an hour besides.',
  ),
  'edge.hook_listener': entry(
    503,
    'The gateway cannot listen for devices that call.',
    'Check `hooks` in its configuration: an address of this machine, and a port that nothing else uses. It tries again by itself.',
  ),
  'edge.hook_memory': entry(
    500,
    'The memory of the messages of devices that call was damaged; it was set aside.',
    'Nothing need be done. A message of the last minutes could have been taken twice.',
  ),
  'edge.modbus_unreachable': entry(
    503,
    'A Modbus server cannot be reached.',
    'Check host, port, network and whether the server takes one more connection. The gateway tries again by itself.',
  ),
  'edge.modbus_silent': entry(
    504,
    'A Modbus device does not answer.',
    'Check its power, its line behind the server, and the unit identifier.',
  ),
  'edge.modbus_exception': entry(
    422,
    'A Modbus device answers with an exception.',
    'Compare function, address and type with its manual; addresses are counted from 0 here.',
  ),
  'edge.zigbee_bridge': entry(
    503,
    'Zigbee2MQTT says that it is not running.',
    'Start Zigbee2MQTT, and see its log.',
  ),
  'edge.battery_low': entry(422, 'The battery of a device is low.', 'Replace the battery.'),
  'edge.device_tampered': entry(
    422,
    'A device says that it was opened or taken off.',
    'Go and see to the device; put its housing back.',
  ),
  'edge.source_lost': entry(
    503,
    'A source delivers nothing.',
    'Check power, network and address of the device.',
  ),
  'edge.camera_password': entry(
    401,
    'The camera refuses the user or the password.',
    'Correct user and password. The gateway does not try again until they change, because cameras lock out whoever tries often.',
  ),
  'edge.camera_forbidden': entry(
    403,
    'The camera knows the user but does not allow this stream.',
    'Give the user the right to view live video, or use another user.',
  ),
  'edge.camera_not_found': entry(
    404,
    'The camera has no stream at this address.',
    'Correct the path of the address; see the camera’s manual for its stream names.',
  ),
  'edge.camera_busy': entry(
    503,
    'The camera serves no more clients.',
    'Close other viewers, let a recorder hand the stream on, or use the smaller stream.',
  ),
  'edge.camera_refused': entry(
    503,
    'Nothing listens at the camera’s port.',
    'Check the port, and that RTSP or HTTP is switched on in the camera.',
  ),
  'edge.camera_unreachable': entry(
    503,
    'The camera’s address does not answer.',
    'Check power, cable and network of the camera, and its address.',
  ),
  'edge.camera_host_unknown': entry(
    503,
    'The camera’s host name is not known.',
    'Correct the name, or use the IP address.',
  ),
  'edge.camera_silent': entry(
    504,
    'The camera takes the connection but does not answer.',
    'Restart the camera; check that the port is that of its streams.',
  ),
  'edge.camera_transport': entry(
    501,
    'The camera does not offer its pictures over the transport that is set.',
    'Set `transport` to `auto`, or to what the camera supports (`tcp` or `udp`).',
  ),
  'edge.camera_no_video': entry(
    422,
    'The stream holds no video, only sound or other data.',
    'Use the address of the video stream.',
  ),
  'edge.camera_no_decoder': entry(
    501,
    'There is no decoder for the camera’s video format.',
    'Set the camera to H.264, H.265 or MJPEG.',
  ),
  'edge.camera_protocol': entry(
    502,
    'What answers at the camera’s address is no camera stream that can be read.',
    'Check that the address is that of a stream and not of a web page.',
  ),
  'edge.camera_no_picture': entry(
    504,
    'The stream was opened but no picture comes.',
    'Restart the camera; with `udp`, check that a firewall lets its packets through.',
  ),
  'edge.camera_behind': entry(
    503,
    'The gateway cannot decode all pictures of the camera: it skips to the newest.',
    'Use the camera’s smaller stream, fewer pictures per second, or a faster machine.',
  ),
  'edge.camera_frozen': entry(
    503,
    'The camera sends the same picture again and again.',
    'Restart the camera; look whether somebody plays a recording into the line.',
  ),
  'edge.camera_covered': entry(
    503,
    'The camera’s picture is black or shows nothing.',
    'Go and look at the lens.',
  ),
  'edge.camera_masked': entry(
    503,
    'The masks leave so little of the picture that motion or a covered lens would not be noticed.',
    'Draw the camera’s masks smaller, or look at fewer `cells` of motion; turn the camera towards what it is there for.',
  ),
  'edge.camera_lines': entry(
    503,
    'Lines are drawn in the camera’s picture, but nobody is followed there: this gateway, of an older version, follows faces, and the camera looks for none.',
    'Let the camera look for faces (with a record under `privacy`), or take its `lines` away.',
  ),
  'edge.camera_certificate_unknown': entry(
    526,
    'Nobody that the gateway trusts vouches for the camera’s certificate.',
    'Compare the pin beside this error with the camera’s own page, and set it as `connect.tls.pin`; or name the authority that signed it (`connect.tls.ca`).',
  ),
  'edge.camera_certificate_changed': entry(
    526,
    'The camera shows another key than the one that it is pinned to.',
    'Find out whether the camera was replaced or reset: otherwise somebody stands between. Then set the pin beside this error.',
  ),
  'edge.camera_certificate_name': entry(
    526,
    'The camera’s certificate is for another host.',
    'Use the name that the certificate is for in the address, or set the pin beside this error as `connect.tls.pin`.',
  ),
  'edge.camera_certificate_expired': entry(
    526,
    'The camera’s certificate is not valid now.',
    'Check the clocks of gateway and camera, renew the certificate, or set the pin beside this error as `connect.tls.pin`.',
  ),
  'edge.outbox_full': entry(
    507,
    'The outbox reached its size limit.',
    'Restore the link to the broker or enlarge the disk quota.',
  ),
  'edge.outbox_newer': entry(
    409,
    'The outbox was written by a newer version of the gateway.',
    'Install that version again: its events would not be understood. Nothing was changed.',
  ),
  'edge.outbox_corrupt': entry(
    500,
    'The outbox file cannot be read.',
    'The file was set aside; a new outbox with a new epoch was made.',
  ),
  'edge.ledger_unusable': entry(
    500,
    'The file that counts the uses of passes is full, damaged or cannot be written.',
    'Check the disk; a damaged file was set aside. While uses cannot be counted no pass is accepted.',
  ),
  'edge.command_expired': entry(410, 'The command expired before it arrived.', 'Send it again.'),
  'edge.command_retained': entry(
    409,
    'The command was kept by the broker (retained), so it is not carried out.',
    'Send commands without the retain flag, and clear the topic with an empty retained message.',
  ),
  'edge.command_interrupted': entry(
    503,
    'The gateway ended while it carried the command out; whether it was done is not known.',
    'Look at the device, and send a new command if needed.',
  ),
  'edge.command_unknown': entry(400, 'The command is not known to this version.', 'Update the gateway.'),
  'edge.command_unsigned': entry(
    403,
    'The command is not signed by the server of this gateway.',
    'See who else sends commands over this broker. Claim the gateway anew if the server was set up anew.',
  ),
  'edge.policy_missing': entry(
    503,
    'The gateway has no policy, so it matches no faces.',
    'Publish a signed policy for the gateway.',
  ),
  'edge.policy_invalid': entry(
    403,
    'The policy is not for this gateway, not signed by a known key, or older than the one in force.',
    'Sign a newer policy for this gateway with a key it knows.',
  ),
  'edge.policy_expired': entry(
    410,
    'The policy expired, so the gateway matches no faces.',
    'Publish a fresh policy.',
  ),
  'edge.gallery_mismatch': entry(
    409,
    'The gallery is not the one that the policy names, so the gateway matches no faces.',
    'Bring the named gallery to the gateway.',
  ),
  'edge.clock_wrong': entry(
    500,
    'The clock of the gateway is wrong; times are corrected by the server’s.',
    'Set up NTP on the gateway, or check its battery and its time server.',
  ),
  'edge.clock_unknown': entry(
    503,
    'The gateway does not know the time: its clock is behind the last known time and no server has answered yet.',
    'Restore the link to the server or set the clock; until then passes go to a guard and no faces are matched.',
  ),
  'edge.disk_full': entry(
    507,
    'The gateway’s disk is full: new events wait in memory only and do not outlive a restart.',
    'Make room on the disk of the data folder.',
  ),
  'edge.disk_unwritable': entry(
    500,
    'The gateway cannot write to its data folder: events live in memory only and do not outlive a restart.',
    'Check the disk, its mount and the rights of the data folder, then restart the gateway.',
  ),
} as const satisfies Record<string, ErrorEntry>;
