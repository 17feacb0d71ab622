package forge_test

import (
	"github.com/hotfixbot/hotfixbot/bot"
	"github.com/hotfixbot/hotfixbot/internal/forge"
)

var _ bot.Forge = (*forge.Repo)(nil)
