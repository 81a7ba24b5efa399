import type { ProfileReference } from "@scouter/contracts";
import { Select } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { useProfiles } from "../../api/profiles.ts";
import { StatusChip } from "../../figure/status-chip.tsx";
import { TimeText } from "../../format/time-text.tsx";
import { CopiedId } from "./copied-id.tsx";
import "./evaluations.css";

interface HeaderProps {
  readonly profile: ProfileReference;
}

export function ProfileWords({ profile }: HeaderProps) {
  const profiles = useProfiles();
  const known = profiles.data?.find(({ uid }) => uid === profile.uid);
  return (
    <span className="facts">
      <span>space {profile.space}</span>
      {known !== undefined && (
        <>
          {known.active ? (
            <StatusChip status="ok" word="Active" />
          ) : (
            <StatusChip status="inactive" />
          )}
          <span>
            registered <TimeText at={known.created_at} form="relative" />
          </span>
        </>
      )}
      <CopiedId id={profile.uid} what="uid" />
    </span>
  );
}

/** Changes to another version of the same profile; range and filters stay. */
export function ProfileActions({ profile }: HeaderProps) {
  const navigate = useNavigate();
  const profiles = useProfiles();
  const versions = (profiles.data ?? []).filter(
    ({ space, name, drift_type }) =>
      space === profile.space && name === profile.name && drift_type === "Agent",
  );
  const choices = [...versions]
    .sort((a, b) => Date.parse(b.created_at) - Date.parse(a.created_at))
    .map(({ uid, version, active }) => ({
      value: uid,
      label: active ? version : `${version} (off)`,
    }));
  return (
    <Select
      size="xs"
      w={150}
      aria-label="Version"
      title={`${String(choices.length)} ${choices.length === 1 ? "version" : "versions"}`}
      leftSection="v"
      data={choices}
      value={profile.uid}
      allowDeselect={false}
      onChange={(uid) => {
        if (uid === null) return;
        void navigate({
          to: "/evaluations/$profileUid",
          params: { profileUid: uid },
          search: (before) => ({ ...before, peek: undefined }),
        });
      }}
    />
  );
}
