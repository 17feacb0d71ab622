package bot

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
	"github.com/hotfixbot/hotfixbot/internal/naming"
	"github.com/hotfixbot/hotfixbot/internal/render"
)

func TestOnlyTheAppsOwnSealIsBelieved(t *testing.T) {
	r := &run{Forge: placed(1), sealKey: []byte("the App's key")}
	marker := hotfix.StatusMarker{Pull: 34, Tags: hotfix.ByApplication[string]{"": "v1.7.1"}, Settled: &hotfix.Status{
		Key: hotfix.Key{Repository: 1, Pull: 34}, State: hotfix.StateSolved, MergedAt: noon.In(time.FixedZone("", 3600)).UTC(),
		Standings: []hotfix.Standing{{Environment: "QA", Branch: "qa", Verdict: hotfix.VerdictContained, Proof: &hotfix.Proof{Kind: hotfix.ProofMerged, Commit: oid(9), Pull: 40}}},
	}}
	marker.Seal, _ = r.seal(marker)
	text, err := json.Marshal(marker)
	if err != nil {
		t.Fatal(err)
	}
	var read hotfix.StatusMarker
	if err := json.Unmarshal(text, &read); err != nil || !r.sealed(read) {
		t.Fatalf("its own marker is not believed: %v", err)
	}
	forged := read
	forged.Settled = &hotfix.Status{Key: read.Settled.Key, State: hotfix.StateSolved}
	if r.sealed(forged) {
		t.Error("a changed record is believed")
	}
	if other := (&run{Forge: placed(1), sealKey: []byte("another key")}); other.sealed(read) {
		t.Error("another App's seal is believed")
	}
	if other := (&run{Forge: placed(2), sealKey: r.sealKey}); other.sealed(read) {
		t.Error("a record that was transferred from another repository with its issue is believed")
	}
	read.Seal = ""
	if r.sealed(read) {
		t.Error("no seal is believed")
	}
}

// A marker that had to be shortened is believed all the same: it was sealed before.
func TestAShortenedMarkerKeepsItsSeal(t *testing.T) {
	s := repository()
	h := landed(s, 34)
	h.Issue.Open = false
	contained(h)
	for i := range 600 {
		h.Landing.Picks = append(h.Landing.Picks, hotfix.Pick{Commit: oid(200 + i), Base: oid(199 + i)})
	}
	status := standing(s, h)
	status.State = hotfix.StateSolved
	r := &run{Forge: emptyForge{}, ledger: newBook(), snap: s, sealKey: []byte("key")}
	marker, err := r.remembered(t.Context(), h, status)
	if err != nil {
		t.Fatal(err)
	}
	var read hotfix.StatusMarker
	if !naming.FindMarker(render.Status(status, marker), naming.KindStatus, &read) || read.Settled == nil || !r.sealed(read) {
		t.Errorf("the bot does not believe its own marker: %+v", read)
	}
}

// placed is GitHub, of a repository with this ID.
type placedForge struct {
	Forge
	id hotfix.RepositoryID
}

func placed(id hotfix.RepositoryID) placedForge { return placedForge{id: id} }

func (p placedForge) About() hotfix.Repository { return hotfix.Repository{ID: p.id} }
